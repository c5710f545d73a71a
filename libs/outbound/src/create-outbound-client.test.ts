import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { deferred, failureOf, LocalPeers, textOf } from './testing/local-peers.js';

const peers = new LocalPeers();
afterEach(() => peers.close());

describe('what is exchanged', () => {
  it('sends method, path, fields and body, and returns status, fields and body as they came', async () => {
    const url = await peers.serve(async (request, reply) => {
      const seen = `${request.method} ${request.url} ${request.headers['x-id']} ${request.headers['content-length']}`;
      reply.writeHead(201, ['X-A', '1', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2']);
      reply.end(`${seen} ${request.headers['user-agent']} ${await textOf(request)}`);
    });
    const headers = [
      ['X-Id', '7'],
      ['content-length', '99'],
    ] as const;
    const response = await peers
      .client()
      .get(`${url}/a?b=c#d`, { method: 'post', headers, body: Buffer.from('hello') });
    expect(response).toMatchObject({ status: 201, isTruncated: false });
    expect(response.headers.slice(0, 3)).toEqual([
      ['x-a', '1'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
    expect(Buffer.from(response.body).toString()).toBe('POST /a?b=c 7 5 Tollbook/test hello');
  });

  it('streams a body to the peer', async () => {
    const url = await peers.serve(async (request, reply) => reply.end(await textOf(request)));
    const body = Readable.from([Buffer.from('one '), Buffer.from('two')]);
    const response = await peers.client().get(url, { method: 'PUT', body });
    expect(Buffer.from(response.body).toString()).toBe('one two');
  });

  it('never follows a redirect', async () => {
    const url = await peers.serve((_request, reply) => reply.writeHead(302, { location: '/elsewhere' }).end());
    const response = await peers.client().get(url);
    expect(response.status).toBe(302);
    expect(response.headers).toContainEqual(['location', '/elsewhere']);
  });

  it('does not decompress', async () => {
    const packed = gzipSync('hello');
    const url = await peers.serve((_request, reply) =>
      reply.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    );
    expect(Buffer.from((await peers.client().get(url)).body)).toEqual(packed);
  });

  it('skips informational answers', async () => {
    const url = await peers.servePlain((socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\nx-last: 1\r\n\r\n');
    });
    expect(await peers.client().get(url)).toMatchObject({ status: 204, headers: [['x-last', '1']] });
  });

  it('answers a HEAD request without waiting for a body', async () => {
    const url = await peers.serve((_request, reply) => reply.writeHead(200, { 'content-length': '5' }).end());
    const response = await peers.client().get(url, { method: 'HEAD' });
    expect(response.headers).toContainEqual(['content-length', '5']);
    expect(response.body.byteLength).toBe(0);
  });

  it('keeps connections for later requests', async () => {
    const ports = new Set<number | undefined>();
    const url = await peers.serve((request, reply) => {
      ports.add(request.socket.remotePort);
      reply.end('ok');
    });
    const client = peers.client();
    for (let count = 0; count < 6; count += 1) await client.get(url);
    // A connection rests for one turn of the event loop, so calls back to back take two in turn.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it.each([
    ['a line break in a field', { headers: [['x-a', 'b\r\nhost: c']] }],
    ['a tunnel', { method: 'CONNECT' }],
    ['a method that is no word', { method: 'G ET' }],
  ] as const)('refuses to send %s', async (_case, more) => {
    const url = await peers.serve((_request, reply) => reply.end());
    expect(await failureOf(peers.client().get(url, more))).toMatchObject({ code: 'invalid_request', isSent: false });
  });

  it.each(['http://user:secret@127.0.0.1/', 'ftp://127.0.0.1/', 'nonsense'])('refuses the URL %s', async (url) => {
    expect(await failureOf(peers.client().get(url))).toMatchObject({ code: 'invalid_url', isSent: false });
  });
});

describe('how much is read', () => {
  const serveBytes = (count: number): Promise<string> =>
    peers.serve((_request, reply) => reply.end(Buffer.alloc(count, 'a')));

  it('takes a body of exactly the cap', async () => {
    const response = await peers.client().get(await serveBytes(1_000));
    expect(response.isTruncated).toBe(false);
    expect(response.body.byteLength).toBe(1_000);
  });

  it('cuts a longer body and says so', async () => {
    const response = await peers.client().get(await serveBytes(1_001), { onTooLarge: 'truncate' });
    expect(response).toMatchObject({ status: 200, isTruncated: true });
    expect(response.body.byteLength).toBe(1_000);
  });

  it('fails on a longer body when told to', async () => {
    const failure = await failureOf(peers.client().get(await serveBytes(1_001)));
    expect(failure).toMatchObject({ code: 'too_large', isSent: true });
  });

  it('stops reading an endless body, and hangs up', async () => {
    const { promise: hungUp, resolve: onHungUp } = deferred();
    const url = await peers.serve((_request, reply) => {
      const write = (): void => {
        while (!reply.destroyed && reply.write(Buffer.alloc(65_536)));
      };
      reply.on('drain', write).on('close', onHungUp);
      write();
    });
    const response = await peers.client().get(url, { onTooLarge: 'truncate' });
    expect(response.isTruncated).toBe(true);
    await hungUp;
  });

  it('refuses headers over 16 kB', async () => {
    const url = await peers.serve((_request, reply) => reply.writeHead(200, { 'x-a': 'a'.repeat(17_000) }).end());
    expect(await failureOf(peers.client().get(url))).toMatchObject({ code: 'too_large', isSent: true });
  });
});
