import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { rateLimitListSchema } from '@tollbook/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from './buyer.js';
import { install } from './install.js';
import { addOwner, ownerEmail, sendSignIn } from './owner.js';
import { eventually, type Process, startWorld, type World } from './world.js';

describe('behind a proxy that is trusted', () => {
  let world: World;
  let behind: Process;
  let open: Process;
  let key: string;

  beforeAll(async () => {
    world = await startWorld();
    ({ key } = await install(world));
    await addOwner(world);
    [behind, open] = await Promise.all([
      world.startApi({ TOLLBOOK_TRUSTED_PROXIES: '127.0.0.1/32', TOLLBOOK_PUBLIC_URL: 'https://pay.example.com' }),
      world.startApi({ TOLLBOOK_PUBLIC_URL: 'https://pay.example.com' }),
    ]);
  });
  afterAll(() => world?.stop());

  const from = (address: string) => ({ 'x-forwarded-for': address });

  it('each buyer has a limit of unpaid requests of their own, and a forged address changes nothing', async () => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const limits = rateLimitListSchema.parse(await (await fetch(`${behind.url}/v1/rate-limits`, { headers })).json());
    const answer = await fetch(`${behind.url}/v1/rate-limits/${limits.data[0]?.endpointId}`, {
      method: 'PATCH',
      headers: { ...headers, ...from('192.0.2.99'), 'idempotency-key': randomUUID() },
      body: JSON.stringify({ unpaid: { points: 2, windowSeconds: 3_600 }, reason: 'test' }),
    });
    expect(answer.status).toBe(200);
    for (const { url } of [behind, open]) {
      await eventually('the limit is known', async () => {
        const seen = await send(`${url}/g/demo/weather`, from('192.0.2.1'));
        return seen.header('ratelimit') !== null;
      });
    }
    const ask = async (process: Process, address: string) =>
      (await send(`${process.url}/g/demo/weather`, from(address))).status;
    // The peer is no proxy of this one: whatever is forged, it is one buyer, who asked once before.
    expect([await ask(open, '192.0.2.50'), await ask(open, '192.0.2.51')]).toEqual([402, 429]);
    expect([await ask(behind, '192.0.2.2'), await ask(behind, '192.0.2.2')]).toEqual([402, 402]);
    for (const forged of ['192.0.2.2', '198.51.100.1, 192.0.2.2', 'junk, 192.0.2.2', '192.0.2.2, 127.0.0.1']) {
      expect(await ask(behind, forged)).toBe(429);
    }
    expect(await ask(behind, '192.0.2.3')).toBe(402);
    const [row] = await world.rows<{ address: string }>(
      `select host(address) as address from audit_log where action like 'limit%' order by audit_seq desc limit 1`,
    );
    expect(row?.address).toBe('192.0.2.99');
  });

  it('whoever guesses passwords keeps nobody out who sits behind the same proxy', async () => {
    const guess = (url: string, address: string, count: number) =>
      sendSignIn(
        url,
        { email: `guessed${count}@example.com`, password: 'guess' },
        { origin: 'https://pay.example.com', ...from(address) },
      );
    const blocked = await eventually('guesses are too many', async () => {
      const tries = await Promise.all(
        Array.from({ length: 10 }, (_each, count) => guess(behind.url, '192.0.2.66', count)),
      );
      return tries.find(({ status }) => status === 429);
    });
    expect(blocked.headers.get('retry-after')).not.toBeNull();
    expect((await guess(behind.url, '192.0.2.67', 99)).status).toBe(401);
    expect((await guess(open.url, '192.0.2.66', 99)).status).toBe(401);
  });

  it.each(['behind', 'open'])('a forged host changes no address that we tell, %s (A32)', async (which) => {
    const { url } = which === 'behind' ? behind : open;
    const forged = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const paths = ['/g/demo/weather', '/v1/openapi.json', '/v1/me', '/'];
    for (const path of paths) {
      const answer = await rawAnswer(`${url}${path}`, { ...forged, ...from('192.0.2.77') });
      expect(answer).not.toContain('evil.example');
      if (path === paths[0] && which === 'behind') expect(answer).toContain('https://pay.example.com/g/demo/weather');
    }
    const headers = { ...forged, origin: 'https://elsewhere.example', 'content-type': 'application/json' };
    const body = JSON.stringify({ email: ownerEmail, password: 'guess' });
    expect(await rawAnswer(`${url}/auth/sign-in/email`, headers, body)).toContain('csrf_refused');
  });
});

/** Headers, body and offer as they came; unlike fetch, with any Host that a test likes. */
function rawAnswer(url: string, headers: Record<string, string>, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, method: body === undefined ? 'GET' : 'POST' }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      const offer = () => Buffer.from(String(response.headers['payment-required'] ?? ''), 'base64');
      response.on('end', () => resolve([...response.rawHeaders, ...chunks, offer()].join('\n')));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
