import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { requireRedis } from './require-redis.js';

const secret = 'horse:battery';
const servers: Server[] = [];

/** A server on loopback that answers the first it hears with `reply`, or never; resolves with its host and port. */
async function listen(reply: string | null, heard: (text: string) => void = () => undefined): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (chunk) => {
      heard(chunk.toString());
      if (reply !== null) socket.write(reply);
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return `127.0.0.1:${port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe('requireRedis', () => {
  it('is content with a PONG', async () => {
    await requireRedis(`redis://${await listen('+PONG\r\n')}/3`);
  });

  it('logs in with the decoded name and password', async () => {
    const heard: string[] = [];
    const server = await listen('+OK\r\n+PONG\r\n', (text) => heard.push(text));
    await requireRedis(`redis://shop:${encodeURIComponent(secret)}@${server}`);
    expect(heard.join('')).toContain(`AUTH\r\n$4\r\nshop\r\n$${secret.length}\r\n${secret}\r\n*1`);
  });

  it('does not mind a password that the server does not ask for', async () => {
    const reply = '-ERR AUTH <password> called without any password configured\r\n+PONG\r\n';
    await requireRedis(`redis://:x@${await listen(reply)}`);
  });

  it.each([
    ['wants a password', '-NOAUTH Authentication required.\r\n', 'NOAUTH'],
    ['is no Redis', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'not a Redis'],
    ['says nothing', null, 'does not answer within'],
  ])('names REDIS_URL where the server %s', async (_what, reply, reason) => {
    const server = await listen(reply);
    await expect(requireRedis(`redis://${server}`, 200)).rejects.toMatchObject({
      name: 'CliError',
      exitCode: 1,
      message: expect.stringMatching(new RegExp(`REDIS_URL \\(${server}\\) cannot be used: .*${reason}`)),
    });
  });

  it('never tells the password, not even where the server repeats it', async () => {
    const server = await listen(`-ERR unknown command 'AUTH', with args beginning with: '${secret}'\r\n+PONG\r\n`);
    const refused = requireRedis(`redis://:${encodeURIComponent(secret)}@${server}`);
    await expect(refused).rejects.toThrow("'***'");
    await expect(refused).rejects.not.toThrow('horse');
  });

  it('names REDIS_URL where nothing listens', async () => {
    const server = await listen(null);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const refused = requireRedis(`redis://:${encodeURIComponent(secret)}@${server}`);
    await expect(refused).rejects.toThrow(/REDIS_URL .* cannot be used: .*ECONNREFUSED/);
  });
});
