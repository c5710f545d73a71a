import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import type { Problem, RateLimitList, RateLimitOverride, RateLimitStatus } from '@tollbook/contract';
import { rateLimitListSchema, rateLimitStatusSchema } from '@tollbook/contract';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { send, signedHeader, tampered } from './buyer.js';
import { install } from './install.js';
import { answered, eventually, type Process, startWorld, type World } from './world.js';

/** A Redis that tests may use, or null: the test that needs one is skipped where none answers. */
async function findRedis(): Promise<string | null> {
  const url = process.env.TOLLBOOK_TEST_REDIS_URL || 'redis://127.0.0.1:6379';
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 6379), timeout: 500 });
    socket.once('connect', () => resolve(url));
    socket.once('error', () => resolve(null));
    socket.once('timeout', () => resolve(null));
    socket.once('connect', () => socket.destroy());
  });
}
const redisUrl = await findRedis();

describe('rate limits', () => {
  let world: World;
  let apis: Process[];
  let key: string;
  let endpointId: string;

  beforeAll(async () => {
    world = await startWorld();
    ({ key } = await install(world));
    apis = [await world.startApi(), await world.startApi()];
    await world.startWorker();
    endpointId = (await list()).data[0]?.endpointId ?? expect.fail();
  });
  afterAll(() => world.stop());
  afterEach(async () => {
    await patch({ paid: null, unpaidPerMinute: 1_000_000 });
    await waitForBoth(true);
    await patch({ unpaid: null });
    await waitForBoth(false);
    await asOwner('delete from rate_limit_counters');
  });

  const url = (at = 0) => `${apis[at]?.url}/g/demo/weather`;

  async function call<T>(method: string, path: string, body?: unknown, at = 0) {
    const headers = { authorization: `Bearer ${key}`, 'idempotency-key': randomUUID() };
    const json = { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const init = { method, headers, ...(body === undefined ? {} : json) };
    const response = await fetch(`${apis[at]?.url}/v1/rate-limits${path}`, init);
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T };
  }

  async function list(at = 0): Promise<RateLimitList> {
    const { status, body } = await call<RateLimitList>('GET', '', undefined, at);
    expect(status).toBe(200);
    return rateLimitListSchema.parse(body);
  }

  async function status(at = 0): Promise<RateLimitStatus> {
    return rateLimitStatusSchema.parse((await call('GET', `/${endpointId}`, undefined, at)).body);
  }

  async function patch(change: Record<string, unknown>): Promise<void> {
    expect((await call('PATCH', `/${endpointId}`, { ...change, reason: 'test' })).status).toBe(200);
  }

  /** Waits until both processes go by a limit of offers, or by none: with it came everything that was set before. */
  async function waitForBoth(isLimited: boolean): Promise<void> {
    await eventually('both processes follow', async () => {
      const answers = await Promise.all([send(url(0)), send(url(1))]);
      return answers.every((answer) => (answer.header('ratelimit') !== null) === isLimited);
    });
  }

  /** Counters are the api's alone; a test looks at them, and takes them away, as their owner. */
  async function asOwner(text: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: world.databaseUrl });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  async function configVersion(): Promise<number> {
    const [row] = await world.rows<{ v: string }>(`select config_version as v from books where gate_slug = 'demo'`);
    return Number(row?.v);
  }

  it('hold back a payer in all processes together, say when to come back, and charge nothing', async () => {
    // Payments that a process takes before it knows of the limit are not counted.
    await patch({ paidPerMinute: 2, unpaidPerMinute: 1_000_000 });
    await waitForBoth(true);
    const headers = [
      await signedHeader(world, url()),
      await signedHeader(world, url()),
      await signedHeader(world, url()),
    ];
    for (const at of [0, 1]) {
      const bought = await send(url(1 - at), headers[at]);
      expect([bought.status, bought.header('ratelimit')]).toEqual([200, expect.stringMatching(`^"paid";r=${1 - at};`)]);
    }
    const callsBefore = world.upstream.keys.length;
    const held = await send(url(0), headers[2]);
    expect([held.status, held.code]).toEqual([429, 'rate_limited']);
    expect(held.header('payment-required')).toBeNull();
    expect(Number(held.header('retry-after'))).toBeGreaterThan(30);
    expect(held.header('ratelimit-policy')).toBe('"paid";q=2;w=60');
    expect(held.header('ratelimit')).toMatch(/^"paid";r=0;t=[0-9]+$/);
    expect(world.upstream.keys.length).toBe(callsBefore);
    // What was paid is answered again, in either process, however often.
    for (const at of [0, 1, 0]) {
      const again = await send(url(at), headers[1]);
      expect([again.status, again.header('tollbook-replayed')]).toEqual([200, 'true']);
    }
    const seen = await status(1);
    expect(seen.paid).toMatchObject({ policy: { points: 2, windowSeconds: 60, burst: 0 }, used: 2, left: 0 });
    await eventually('both processes tell one number', async () => {
      const [one, two] = [await status(0), await status(1)];
      return one.paid.throttledLastHour === 1 && two.paid.throttledLastHour === 1;
    });
    expect((await status(1)).paid.topLimited).toMatchObject([
      { subjectKind: 'payer', throttledLast24h: 1, used: 2, left: 0 },
    ]);
    expect((await status(1)).paid.resetsAt).not.toBeNull();
    // The same signature buys once the limit is gone.
    await patch({ paidPerMinute: null });
    const bought = await answered(world, () => send(url(0), headers[2]), ['rate_limited']);
    expect([bought.status, bought.header('tollbook-charged')]).toEqual([200, 'yes']);
  });

  it('hold within a second of their change', async () => {
    const { status: answered } = await call('PATCH', `/${endpointId}`, { unpaid: { points: 1, windowSeconds: 3600 } });
    expect(answered).toBe(200);
    await eventually('the other process holds back', async () => (await send(url(1))).status === 429, 1_500);
  });

  it('hold back an address that asks for offers without paying, and junk that looks like payment', async () => {
    await patch({ unpaidPerMinute: 3 });
    const signed = await signedHeader(world, url(1));
    const seen = await eventually('the limit holds', async () => {
      const answer = await send(url(0));
      return answer.header('ratelimit') !== null && answer;
    });
    expect([seen.status, seen.header('ratelimit-policy')]).toEqual([402, '"unpaid";q=3;w=60']);
    expect(seen.header('ratelimit')).toBe('"unpaid";r=2;t=60');
    const junk = tampered(signed, ({ payload }) => {
      payload.signature = `0x${'11'.repeat(65)}`;
    });
    expect((await send(url(0), junk)).code).toBe('signature_invalid');
    expect((await send(url(0), { 'payment-signature': 'junk' })).code).toBe('payment_malformed');
    for (const headers of [{}, junk, { 'payment-signature': 'junk' }]) {
      const held = await send(url(0), headers);
      expect([held.status, held.code, held.header('payment-required')]).toEqual([429, 'rate_limited', null]);
      expect(held.header('ratelimit')).toMatch(/^"unpaid";r=0;t=/);
      expect(Number(held.header('retry-after'))).toBeGreaterThan(0);
    }
    // Whoever pays is welcome.
    expect((await send(url(0), signed)).status).toBe(200);
    const { unpaid } = await status(0);
    expect(unpaid).toMatchObject({ used: 3, left: 0, throttledLastHour: expect.any(Number) });
    expect(unpaid.topLimited[0]?.subject).toMatch(/^[0-9a-f]{16}$/);
    expect(JSON.stringify(unpaid)).not.toContain('127.0.0.1');
  });

  it('make exceptions, for a while or until they are taken away', async () => {
    const header = await signedHeader(world, url());
    const payer = (
      JSON.parse(Buffer.from(Object.values(header)[0] ?? '', 'base64').toString('utf8')) as {
        payload: { authorization: { from: string } };
      }
    ).payload.authorization.from;
    const block = { subjectKind: 'payer', subject: payer, action: 'block', reason: 'abuse' };
    const made = await call<RateLimitOverride>('POST', '/overrides', block);
    expect([made.status, made.body.subject.toLowerCase()]).toEqual([201, payer.toLowerCase()]);
    await eventually('the payer is blocked', async () => {
      const answers = await Promise.all([0, 1].map(async (at) => send(url(at), await signedHeader(world, url(at)))));
      return answers.every(({ code }) => code === 'payer_blocked');
    });
    expect((await status()).overrides).toMatchObject([{ id: made.body.id, action: 'block' }]);
    const limit = { ...block, action: 'limit', policy: { points: 1, windowSeconds: 3600 } };
    const { body: limited } = await call<RateLimitOverride>('POST', '/overrides', limit);
    await eventually('the payer may buy', async () => (await send(url(1), header)).status === 200);
    await eventually('once, in all processes', async () => {
      const { code } = await send(url(0), await signedHeader(world, url()));
      return code === 'rate_limited';
    });
    expect((await call('DELETE', `/overrides/${limited.id}`)).status).toBe(204);
    expect((await call('DELETE', `/overrides/${limited.id}`)).status).toBe(404);
    const next = await signedHeader(world, url());
    await eventually('nothing limits the payer', async () => (await send(url(0), next)).status === 200);
    const rows = await world.rows<{ action: string }>(
      `select action from audit_log where action like 'limit%' order by audit_seq desc limit 3`,
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'limit_override.removed',
      'limit_override.set',
      'limit_override.set',
    ]);
  });

  it.each([
    [{ paidPerMinute: -1 }, 'paidPerMinute'],
    [{ paidPerMinute: 1.5 }, 'paidPerMinute'],
    [{ unpaidPerMinute: 10_000_000 }, 'unpaidPerMinute'],
    [{ unpaidPerMinute: '5' }, 'unpaidPerMinute'],
    [{ paid: { points: 1, windowSeconds: 0 } }, 'paid.windowSeconds'],
    [{ paid: { points: 1, windowSeconds: 60, burst: -1 } }, 'paid.burst'],
    [{ paidPerHour: 5 }, 'paidPerHour'],
  ])('refuse %j, name the field and change nothing', async (change, parameter) => {
    const before = await configVersion();
    const { status: code, body } = await call<Problem & { parameter: string }>('PATCH', `/${endpointId}`, change);
    expect([code, body.parameter]).toEqual([400, parameter]);
    expect(await configVersion()).toBe(before);
  });

  it.each([
    [{ subjectKind: 'payer', subject: '0x12', action: 'block' }, 'subject'],
    [{ subjectKind: 'address', subject: '300.1.1.1', action: 'block' }, 'subject'],
    [{ subjectKind: 'address', subject: '192.0.2.1', action: 'limit' }, 'policy'],
    [{ subjectKind: 'address', subject: '192.0.2.1', action: 'block', expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ subjectKind: 'address', subject: '192.0.2.1', action: 'block', expiresAt: 'soon' }, 'expiresAt'],
  ])('refuse the exception %j', async (override, parameter) => {
    const { status: code, body } = await call<Problem & { parameter: string }>('POST', '/overrides', override);
    expect([code, body.parameter]).toEqual([400, parameter]);
  });

  it('hold nobody back, and keep nobody waiting, while their store is away', async () => {
    const api = await world.startApi({ REDIS_URL: 'redis://127.0.0.1:1' });
    await patch({ paid: { points: 1, windowSeconds: 3600 }, unpaidPerMinute: 1_000_000 });
    const there = `${api.url}/g/demo/weather`;
    await eventually('the limit is known', async () => (await send(there)).header('ratelimit') !== null);
    for (let time = 0; time < 3; time += 1) {
      expect((await send(there, await signedHeader(world, there))).status).toBe(200);
    }
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    expect(metrics).toMatch(/^tollbook_rate_limit_uncounted_total 3$/m);
    await api.kill('SIGTERM');
  });

  it.skipIf(redisUrl === null)('are counted in Redis where there is one', async () => {
    const twins = [
      await world.startApi({ REDIS_URL: redisUrl ?? '' }),
      await world.startApi({ REDIS_URL: redisUrl ?? '' }),
    ];
    await patch({ paid: { points: 1, windowSeconds: 3600 }, unpaidPerMinute: 1_000_000 });
    const [here = '', there = ''] = twins.map((twin) => `${twin.url}/g/demo/weather`);
    await eventually('the limit is known', async () => {
      const answers = await Promise.all([send(here), send(there)]);
      return answers.every((answer) => answer.header('ratelimit') !== null);
    });
    expect((await send(here, await signedHeader(world, here))).status).toBe(200);
    expect((await send(there, await signedHeader(world, there))).code).toBe('rate_limited');
    expect(await asOwner('select key from rate_limit_counters')).toEqual([]);
    await Promise.all(twins.map((twin) => twin.kill('SIGTERM')));
  });

  it('of an endpoint that is not there are not there either', async () => {
    const unknown = 'ep_aaaaaaaaaaaaaaaaaaaaaaaaaa';
    expect((await call('PATCH', `/${unknown}`, { paidPerMinute: 5 })).status).toBe(404);
    expect((await call('GET', `/${unknown}`)).status).toBe(404);
    const block = { subjectKind: 'address', subject: '192.0.2.1', action: 'block', endpointId: unknown };
    expect((await call('POST', '/overrides', block)).status).toBe(404);
  });
});
