import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf, LocalPeers } from './testing/local-peers.js';

const peers = new LocalPeers();
afterEach(() => peers.close());

const portOf = (url: string): string => new URL(url).port;

describe('createPinnedConnector', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://0/',
    'http://\uff11\uff12\uff17.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1:8080/',
    'http://100.100.100.200/',
    'https://192.168.0.1/',
    'http://224.0.0.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'https://[ff02::1]/',
    'http://localhost/',
  ])('refuses %s', async (url) => {
    expect(await failureOf(peers.client({ allowCidrs: [] }).get(url))).toEqual({
      code: 'address_blocked',
      isSent: false,
      message: 'the address of this URL is blocked',
    });
  });

  it.each([['10.0.0.1'], ['::1'], ['::ffff:169.254.169.254'], ['not an address']])(
    'refuses a name that has the address %s among good ones, and does not tell it',
    async (forbidden) => {
      const url = await peers.serve((_request, reply) => reply.end('reached'));
      const client = peers.client({ resolveName: async () => ['127.0.0.1', forbidden] });
      const failure = await failureOf(client.get(`http://shop.example:${portOf(url)}/`));
      expect(failure).toMatchObject({ code: 'address_blocked', isSent: false });
      expect(failure.message).not.toContain(forbidden);
    },
  );

  it('dials what it vetted: the name is asked once a connection, and cannot change its meaning after', async () => {
    const url = await peers.serve((request, reply) => reply.end(request.headers.host));
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    const client = peers.client({ resolveName: async () => answers.shift() ?? [] });
    const response = await client.get(`http://shop.example:${portOf(url)}/`, { headers: [['Host', 'inner.example']] });
    expect(Buffer.from(response.body).toString()).toBe(`shop.example:${portOf(url)}`);
    expect(answers).toHaveLength(1);
  });

  it('vets a name anew for each new connection', async () => {
    const url = await peers.serve((_request, reply) => reply.writeHead(200, { connection: 'close' }).end());
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    const client = peers.client({ resolveName: async () => answers.shift() ?? [] });
    const named = `http://shop.example:${portOf(url)}/`;
    await client.get(named);
    expect(await failureOf(client.get(named))).toMatchObject({ code: 'address_blocked', isSent: false });
  });

  it('goes on to the next address when one does not answer', async () => {
    const url = await peers.serve((_request, reply) => reply.end('reached'));
    const client = peers.client({ resolveName: async () => ['127.99.0.1', '127.0.0.1'] });
    expect((await client.get(`http://shop.example:${portOf(url)}/`)).status).toBe(200);
  });

  it.each([
    ['has no address', async () => []],
    ['cannot be resolved', () => Promise.reject(new Error('ENOTFOUND shop.example'))],
  ])('reports a name that %s', async (_case, resolveName) => {
    const failure = await failureOf(peers.client({ resolveName }).get('http://shop.example/'));
    expect(failure).toMatchObject({ code: 'unresolvable', isSent: false });
  });

  it('reports a refused connection as unsent', async () => {
    const server = createServer();
    const url = await peers.listen(server, 'http');
    server.close();
    await once(server, 'close');
    const failure = await failureOf(peers.client().get(url));
    expect(failure).toEqual({ code: 'connect_failed', isSent: false, message: 'no connection could be made' });
  });

  it('gives up on a resolver that hangs, and has sent nothing', async () => {
    const client = peers.client({ connectTimeoutMs: 50, resolveName: () => new Promise(() => undefined) });
    expect(await failureOf(client.get('http://shop.example/'))).toMatchObject({ code: 'timeout', isSent: false });
  });

  it('gives up on a TLS handshake that hangs, and has sent nothing', async () => {
    const url = await peers.servePlain(() => undefined);
    const failure = await failureOf(peers.client({ connectTimeoutMs: 50 }).get(url.replace('http:', 'https:')));
    expect(failure).toMatchObject({ code: 'timeout', isSent: false });
  });
});
