import { afterEach, describe, expect, it, vi } from 'vitest';
import { newWatch } from '../test/watch.js';
import { createRateLimiter, type LimitQuery } from './index.js';

afterEach(() => vi.useRealTimers());

const policy = { points: 2, windowSeconds: 60, burst: 0 };

describe('a limiter in memory', () => {
  it('counts keys apart, and says when to come back', async () => {
    const limiter = createRateLimiter({ kind: 'memory' }, newWatch());
    const first = await limiter.consume('a', policy);
    expect(first).toMatchObject({ kind: 'allowed', standing: { used: 1, left: 1, resetsInSeconds: 60 } });
    expect(await limiter.consume('a', policy)).toMatchObject({ kind: 'allowed', standing: { left: 0 } });
    const third = await limiter.consume('a', policy);
    expect(third).toMatchObject({ kind: 'limited', standing: { used: 2, left: 0 } });
    expect(third?.kind === 'limited' && third.retryAfterSeconds).toBeGreaterThan(58);
    expect(await limiter.consume('b', policy)).toMatchObject({ kind: 'allowed' });
  });

  it('tells what is left of a burst in the windows after it, where it is not new', async () => {
    vi.useFakeTimers();
    const limiter = createRateLimiter({ kind: 'memory' }, newWatch());
    const bursty = { points: 2, windowSeconds: 5, burst: 2 };
    const call = async () => {
      const verdict = await limiter.consume('a', bursty);
      return [verdict?.kind, verdict?.standing.left, verdict?.standing.burstLeft];
    };
    expect([await call(), await call(), await call()]).toEqual([
      ['allowed', 1, 2],
      ['allowed', 0, 2],
      ['allowed', 0, 1],
    ]);
    vi.advanceTimersByTime(6_000);
    expect([await call(), await call(), await call(), await call()]).toEqual([
      ['allowed', 1, 1],
      ['allowed', 0, 1],
      ['allowed', 0, 0],
      ['limited', 0, 0],
    ]);
    vi.advanceTimersByTime(50_000);
    expect(await call()).toEqual(['allowed', 1, 2]);
  });

  it('holds no more keys than it may, whoever calls', async () => {
    const limiter = createRateLimiter({ kind: 'memory', keysMax: 50 }, newWatch());
    const one = { ...policy, points: 1 };
    for (let at = 0; at < 50; at += 1) await limiter.consume(`address ${at}`, one);
    const verdicts = [];
    // Beyond that callers share 4,096 crowds, of one call each here.
    for (let at = 0; at < 20_000; at += 1) verdicts.push(await limiter.consume(`flood ${at}`, one));
    expect(verdicts.filter((verdict) => verdict?.kind === 'allowed').length).toBeLessThanOrEqual(4_096);
  });
});

describe('a limiter whose store is away', () => {
  const stored = (query: LimitQuery, watch = newWatch()) => ({
    limiter: createRateLimiter({ kind: 'postgres', query, table: 'rate_limit_counters' }, watch),
    watch,
  });

  it('lets a call pass within the time a buyer waits, also where no answer ever comes', async () => {
    const { limiter, watch } = stored(() => new Promise(() => undefined));
    const startedAt = performance.now();
    expect(await limiter.consume('a', policy)).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(watch.told).toEqual(['away', 'uncounted']);
  });

  it('asks no more for a second, tells it once, and tells when the store is back', async () => {
    let isAway = true;
    let asked = 0;
    const { limiter, watch } = stored(async () => {
      asked += 1;
      if (isAway) throw new Error('no connection');
      return { rows: [{ points: 1, expire: BigInt(Date.now() + 60_000) }], rowCount: 1 };
    });
    for (let call = 0; call < 5; call += 1) expect(await limiter.consume('a', policy)).toBeNull();
    expect(asked).toBe(1);
    expect(watch.told).toEqual(['away', ...Array(5).fill('uncounted')]);
    isAway = false;
    await vi.waitFor(async () => expect(await limiter.consume('a', policy)).not.toBeNull(), { timeout: 3_000 });
    expect(watch.told.at(-1)).toBe('back');
    expect(watch.told.filter((word) => word === 'away')).toHaveLength(1);
  });

  it('says that nothing is known when it is only asked', async () => {
    const { limiter } = stored(async () => Promise.reject(new Error('no connection')));
    expect(await limiter.read('a', policy)).toBeNull();
    expect(limiter.knownExhausted('a', policy)).toBeNull();
  });
});
