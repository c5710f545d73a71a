import { randomUUID } from 'node:crypto';
import { createPool } from '@tollbook/db';
import { createTestDatabase, type TestDatabase } from '@tollbook/postgres-local';
import { Redis } from 'ioredis';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findRedis } from '../test/find-redis.js';
import { newWatch } from '../test/watch.js';
import { connectRedis, createRateLimiter, type LimitStatement, type LimitStore } from './index.js';

const server = { url: inject('postgresUrl'), adminUrl: inject('postgresAdminUrl') };
const table = 'rate_limit_counters';
const policy = { points: 3, windowSeconds: 60, burst: 0 };
const short = { points: 1, windowSeconds: 1, burst: 0 };

let database: TestDatabase;
let pool: Pool;
let asked = 0;

beforeAll(async () => {
  database = await createTestDatabase(server, inject('migratedDatabase'));
  pool = createPool(database.url, { role: 'tollbook_app', max: 4, applicationName: 'limits', isSoftCommit: true });
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

const query = (statement: LimitStatement) => {
  asked += 1;
  return pool.query(statement);
};

const redisUrl = await findRedis();
if (redisUrl === null) console.warn('The Redis half of the limit tests is skipped: no Redis answers on this machine.');
const prefix = `tollbook-test-${randomUUID()}`;
let redis: Redis | undefined;

async function redisStore(): Promise<LimitStore> {
  redis ??= connectRedis(redisUrl ?? '', () => undefined);
  const client = redis;
  await expect.poll(() => client.status).toBe('ready');
  return { kind: 'redis', client, prefix };
}
afterAll(async () => {
  redis?.disconnect();
  if (redisUrl === null) return;
  const cleaner = new Redis(redisUrl);
  for await (const keys of cleaner.scanStream({ match: `${prefix}:*` }))
    if (keys.length > 0) await cleaner.del(...keys);
  cleaner.disconnect();
});

/** What every store must do. */
describe.each([
  { name: 'memory', store: async (): Promise<LimitStore> => ({ kind: 'memory' }), isHere: true },
  { name: 'PostgreSQL', store: async (): Promise<LimitStore> => ({ kind: 'postgres', query, table }), isHere: true },
  { name: 'Redis', store: redisStore, isHere: redisUrl !== null },
])('a limiter on $name', ({ store, isHere }) => {
  const test = it.skipIf(!isHere);
  const newKey = () => `1/${randomUUID()}/0xabc`;

  test('counts up to the limit, then holds back', async () => {
    const limiter = createRateLimiter(await store(), newWatch());
    const key = newKey();
    const verdicts = [];
    for (let call = 0; call < 5; call += 1) verdicts.push(await limiter.consume(key, policy));
    expect(verdicts.map((verdict) => verdict?.kind)).toEqual(['allowed', 'allowed', 'allowed', 'limited', 'limited']);
    expect(verdicts.map((verdict) => verdict?.standing.left)).toEqual([2, 1, 0, 0, 0]);
    expect(verdicts[4]).toMatchObject({ retryAfterSeconds: 60 });
  });

  test('counts copies that come together each once', async () => {
    const limiter = createRateLimiter(await store(), newWatch());
    const key = newKey();
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => limiter.consume(key, policy)));
    expect(verdicts.filter((verdict) => verdict?.kind === 'allowed')).toHaveLength(3);
  });

  test('lets a burst follow and holds back when it is used up', async () => {
    const limiter = createRateLimiter(await store(), newWatch());
    const bursty = { points: 1, windowSeconds: 60, burst: 2 };
    const key = newKey();
    const verdicts = [];
    for (let call = 0; call < 5; call += 1) verdicts.push(await limiter.consume(key, bursty));
    expect(verdicts.map((verdict) => verdict?.kind)).toEqual(['allowed', 'allowed', 'allowed', 'limited', 'limited']);
    expect(verdicts[3]).toMatchObject({ retryAfterSeconds: 60, standing: { burstLeft: 0, burstResetsInSeconds: 600 } });
  });

  test('reads without counting', async () => {
    const limiter = createRateLimiter(await store(), newWatch());
    const key = newKey();
    expect(await limiter.read(key, policy)).toEqual({ window: { used: 0, resetsInMs: 60_000 }, burst: null });
    await limiter.consume(key, policy);
    for (let time = 0; time < 3; time += 1) expect((await limiter.read(key, policy))?.window.used).toBe(1);
  });

  test('begins anew when the window has ended', async () => {
    const limiter = createRateLimiter(await store(), newWatch());
    const key = newKey();
    expect((await limiter.consume(key, short))?.kind).toBe('allowed');
    expect((await limiter.consume(key, short))?.kind).toBe('limited');
    const isAllowed = async () => (await limiter.consume(key, short))?.kind;
    await expect.poll(isAllowed, { timeout: 3_000, interval: 100 }).toBe('allowed');
  });
});

describe.each([
  { name: 'PostgreSQL', store: async (): Promise<LimitStore> => ({ kind: 'postgres', query, table }), isHere: true },
  { name: 'Redis', store: redisStore, isHere: redisUrl !== null },
])('limiters of several processes on $name', ({ store, isHere }) => {
  const test = it.skipIf(!isHere);

  test('share what they count', async () => {
    const [one, two] = [createRateLimiter(await store(), newWatch()), createRateLimiter(await store(), newWatch())];
    const key = `1/${randomUUID()}/0xabc`;
    const verdicts = [];
    for (const limiter of [one, two, one, two, one, two]) verdicts.push((await limiter.consume(key, policy))?.kind);
    expect(verdicts).toEqual(['allowed', 'allowed', 'allowed', 'limited', 'limited', 'limited']);
  });

  test('know by themselves what they saw used up', async () => {
    const [one, two] = [createRateLimiter(await store(), newWatch()), createRateLimiter(await store(), newWatch())];
    const key = `1/${randomUUID()}/0xabc`;
    for (let call = 0; call < 3; call += 1) await one.consume(key, policy);
    expect(one.knownExhausted(key, policy)).toMatchObject({ kind: 'limited', standing: { left: 0 } });
    expect(two.knownExhausted(key, policy)).toBeNull();
  });

  test('keeps what was counted under a limit that changes', async () => {
    const limiter = createRateLimiter(await store(), newWatch());
    const key = `1/${randomUUID()}/0xabc`;
    for (let call = 0; call < 4; call += 1) await limiter.consume(key, policy);
    expect(await limiter.consume(key, { ...policy, points: 10 })).toMatchObject({ kind: 'allowed' });
    expect(await limiter.consume(key, { ...policy, points: 2 })).toMatchObject({ kind: 'limited' });
  });
});

describe('a limiter on PostgreSQL', () => {
  it('asks the database no more about a key that is used up', async () => {
    const limiter = createRateLimiter({ kind: 'postgres', query, table }, newWatch());
    const key = `1/${randomUUID()}/0xabc`;
    for (let call = 0; call < 3; call += 1) await limiter.consume(key, policy);
    const before = asked;
    for (let call = 0; call < 50; call += 1) expect((await limiter.consume(key, policy))?.kind).toBe('limited');
    expect(asked).toBe(before);
  });

  it('counts in a table that a migration made, that costs no WAL', async () => {
    const { rows } = await pool.query(`select relpersistence from pg_class where relname = '${table}'`);
    expect(rows).toEqual([{ relpersistence: 'u' }]);
  });

  it('lets calls pass while the database is away, and counts again when it is back', async () => {
    let isCut = true;
    const cut = (statement: LimitStatement) => (isCut ? Promise.reject(new Error('cut')) : query(statement));
    const watch = newWatch();
    const limiter = createRateLimiter({ kind: 'postgres', query: cut, table }, watch);
    const key = `1/${randomUUID()}/0xabc`;
    expect(await limiter.consume(key, policy)).toBeNull();
    isCut = false;
    await expect.poll(() => limiter.consume(key, policy), { timeout: 3_000, interval: 100 }).not.toBeNull();
    expect(watch.told).toContain('back');
  });
});

describe('a limiter on Redis', () => {
  it('lets calls pass at once while nobody answers', async () => {
    const client = connectRedis('redis://127.0.0.1:1', () => undefined);
    try {
      const limiter = createRateLimiter({ kind: 'redis', client, prefix }, newWatch());
      const startedAt = performance.now();
      expect(await limiter.consume('a', policy)).toBeNull();
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    } finally {
      client.disconnect();
    }
  });
});
