import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, signedHeader } from './buyer.js';
import { install } from './install.js';
import { eventually, startWorld, type World } from './world.js';

describe('an api that is told to end', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
    await install(world);
  });
  afterAll(() => world.stop());

  it('ends what it began, and tells whoever asks after that to come again', async () => {
    const api = await world.startApi();
    const url = `${api.url}/g/demo/weather`;
    let finish = () => {};
    world.upstream.answerWith((_request, response) => {
      finish = () => response.end('clear');
    });
    const header = await signedHeader(world, url);
    const paid = send(url, header);
    await eventually('the upstream is asked', () => Promise.resolve(world.upstream.keys.length === 1));

    const { port, pathname } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1').setEncoding('latin1');
    const read = reader(socket);
    const closed = once(socket, 'close');
    const request = `GET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`;
    // Half of the next request: a connection that is in use is not closed with the idle ones.
    socket.write(request + request.slice(0, 20));
    await read(/^HTTP\/1\.1 402 /);

    api.child.kill('SIGTERM');
    await eventually('nobody is let in', () => isRefused(Number(port)));
    socket.write(request.slice(20));
    const told = await read(/"code":"stopping"/);
    expect(told).toMatch(/HTTP\/1\.1 503 .*\r\nretry-after: \d+\r\n.*connection: close\r\n/is);
    await closed;

    finish();
    const answer = await paid;
    expect([answer.status, answer.body, answer.receipt?.success]).toEqual([200, 'clear', true]);
    expect(await api.ended).toBe('0');
    // Written after the answer: its connection was closed by then.
    const served = await world.rows(`select 1 from attempts where status = 'submitted' and served_at is not null`);
    expect(served).toHaveLength(1);
  });
});

/** Waits until all that came matches. */
function reader(socket: Socket): (pattern: RegExp) => Promise<string> {
  let text = '';
  socket.on('data', (more: string) => {
    text += more;
  });
  return async (pattern) => {
    while (!pattern.test(text)) await once(socket, 'data');
    return text;
  };
}

function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}
