import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { LastRequests } from './last-requests.js';

const longMs = 60_000;

async function start() {
  const last = new LastRequests();
  const held: ServerResponse[] = [];
  const server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => void held.push(response));
  last.standBefore(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => void server.once('close', resolve));
  return { last, server, held, port, close };
}

const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

function ask(port: number) {
  const socket = connect({ port, host: '127.0.0.1' }).setEncoding('utf8');
  let text = '';
  socket.on('data', (more: string) => {
    text += more;
  });
  return { socket, text: () => text, closed: once(socket, 'close') };
}

describe('the last requests of a server', () => {
  it('come to their end, and whoever asks after them on the same connection is told to come again', async () => {
    const { last, server, held, port, close } = await start();
    const early = ask(port);
    early.socket.write(request);
    await expect.poll(() => held.length).toBe(1);
    const ended = last.end(server, close, longMs);
    early.socket.write(request);
    await expect.poll(() => early.socket.bytesWritten).toBe(2 * request.length);
    held[0]?.end('served');
    await early.closed;
    await ended;
    const [first = '', second = ''] = early.text().split(/(?=HTTP\/1\.1 503)/);
    expect(first).toMatch(/^HTTP\/1\.1 200 .*served$/s);
    expect(second).toMatch(/^HTTP\/1\.1 503 /);
    expect(second.toLowerCase()).toMatch(/\r\nretry-after: 2\r\n/);
    expect(second.toLowerCase()).toMatch(/\r\nconnection: close\r\n/);
    expect(JSON.parse(second.split('\r\n\r\n')[1] ?? '').code).toBe('stopping');
    expect(held).toHaveLength(1);
  });

  it('leave no connection open that is kept by its client', async () => {
    const { last, server, held, port, close } = await start();
    const client = ask(port);
    client.socket.write(request);
    await expect.poll(() => held.length).toBe(1);
    const ended = last.end(server, close, longMs);
    held[0]?.end('served');
    await Promise.all([ended, client.closed]);
    expect(client.text()).toContain('served');
  });

  it('let nobody new in', async () => {
    const { last, server, port, close } = await start();
    await last.end(server, close, longMs);
    const [error] = await once(connect({ port, host: '127.0.0.1' }), 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('are waited for when their client has left, with what they begin', async () => {
    const { last, server, close } = await start();
    const order: string[] = [];
    let finish = () => {};
    const second = new Promise<void>((resolve) => {
      finish = () => {
        order.push('second');
        resolve();
      };
    });
    let go = () => {};
    const first = new Promise<void>((resolve) => {
      go = () => {
        order.push('first');
        void last.follow(second);
        resolve();
      };
    });
    void last.follow(first);
    const ended = last.end(server, close, longMs).then(() => order.push('ended'));
    go();
    await first;
    finish();
    await ended;
    expect(order).toEqual(['first', 'second', 'ended']);
  });

  it('are given up when they take too long', async () => {
    const { last, server, close } = await start();
    void last.follow(new Promise(() => {}));
    await last.end(server, close, 20);
    expect(server.listening).toBe(false);
  });
});
