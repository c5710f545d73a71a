import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { baseUrl, localUrl } from './base-url.js';
import { reservePort } from './reserve-port.js';

const server = createServer();
afterEach(() => void server.close());

/** A port on which `server` listens. */
async function takePort(): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('reservePort', () => {
  it('names PORT when another program listens there', async () => {
    const port = await takePort();
    await expect(reservePort('127.0.0.1', port)).rejects.toThrow(`PORT ${port} on 127.0.0.1 is in use`);
  });

  it('names HOST when this machine has no such address', async () => {
    await expect(reservePort('203.0.113.1', 4020)).rejects.toThrow('HOST 203.0.113.1');
  });

  it('answers 503 until it is released, and leaves the port free then', async () => {
    const port = await takePort();
    await new Promise((resolve) => server.close(resolve));
    const reserved = await reservePort('127.0.0.1', port);
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ failing: ['start'] })]);
    const other = await fetch(`http://127.0.0.1:${port}/g/demo/weather`);
    expect([other.status, other.headers.get('cache-control')]).toEqual([503, 'no-store']);
    expect(await other.json()).toMatchObject({ code: 'gate_not_ready', status: 503 });
    await reserved.release();
    const again = await reservePort('127.0.0.1', port);
    await again.release();
  });
});

describe('baseUrl', () => {
  it('puts IPv6 addresses into brackets', () => {
    expect([baseUrl('127.0.0.1', 4020), baseUrl('::', 1)]).toEqual(['http://127.0.0.1:4020', 'http://[::]:1']);
  });

  it('reaches wildcard addresses by loopback from this machine', () => {
    expect([localUrl('0.0.0.0', 1), localUrl('::', 1)]).toEqual(['http://127.0.0.1:1', 'http://[::1]:1']);
  });
});
