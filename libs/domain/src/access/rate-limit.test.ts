import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  burstWindowSeconds,
  freshCounts,
  type RateCount,
  type RatePolicy,
  rateBounds,
  rateLimitHeader,
  rateLimitPolicyHeader,
  rateStanding,
  rateVerdict,
  wrongRateField,
} from './rate-limit.js';

const policy: RatePolicy = { points: 2, windowSeconds: 60, burst: 0 };

/** Counts as every store does: a window begins with its first call and is forgotten when it has ended. */
function counter(policy: RatePolicy) {
  const windows = { window: { used: 0, endsAt: 0 }, burst: { used: 0, endsAt: 0 } };
  const count = (name: 'window' | 'burst', now: number, lengthMs: number): RateCount => {
    const window = windows[name];
    if (now >= window.endsAt) windows[name] = { used: 1, endsAt: now + lengthMs };
    else window.used += 1;
    return { used: windows[name].used, resetsInMs: windows[name].endsAt - now };
  };
  return (now: number) => {
    const window = count('window', now, policy.windowSeconds * 1000);
    const isOver = window.used > policy.points;
    const burst = isOver && policy.burst > 0 ? count('burst', now, burstWindowSeconds(policy) * 1000) : null;
    return rateVerdict(policy, { window, burst });
  };
}

const policies = fc.record({
  points: fc.integer({ min: 1, max: 8 }),
  windowSeconds: fc.integer({ min: 1, max: 20 }),
  burst: fc.integer({ min: 0, max: 5 }),
});
const gaps = fc.array(fc.integer({ min: 0, max: 8_000 }), { maxLength: 120 });

describe('rateVerdict', () => {
  it('allows as many calls as the limit says, and says when to come back', () => {
    const call = counter(policy);
    expect(call(0)).toMatchObject({ kind: 'allowed', standing: { used: 1, left: 1, resetsInSeconds: 60 } });
    expect(call(500)).toMatchObject({ kind: 'allowed', standing: { used: 2, left: 0, resetsInSeconds: 60 } });
    expect(call(20_000)).toMatchObject({ kind: 'limited', retryAfterSeconds: 40, standing: { used: 2, left: 0 } });
    expect(call(60_000)).toMatchObject({ kind: 'allowed', standing: { used: 1, left: 1 } });
  });

  it('lets a burst follow, once in ten windows', () => {
    const call = counter({ points: 1, windowSeconds: 1, burst: 2 });
    const kinds = (times: number[]) => times.map((at) => call(at).kind);
    expect(kinds([0, 1, 2, 3])).toEqual(['allowed', 'allowed', 'allowed', 'limited']);
    expect(kinds([1_000, 1_001])).toEqual(['allowed', 'limited']);
    // The burst's window began with its first call, at 1.
    expect(kinds([10_000, 10_001, 10_002, 10_003])).toEqual(['allowed', 'allowed', 'allowed', 'limited']);
  });

  it('never allows more in a window than points and burst', () => {
    fc.assert(
      fc.property(policies, gaps, (limit, waits) => {
        const call = counter(limit);
        let now = 0;
        const allowed = waits.flatMap((wait) => {
          now += wait;
          return call(now).kind === 'allowed' ? [now] : [];
        });
        const lengthMs = limit.windowSeconds * 1000;
        // Windows begin with a call, so what falls in any stretch of one length belongs to two windows at most.
        for (const from of allowed) {
          const inside = allowed.filter((at) => at >= from && at < from + lengthMs).length;
          expect(inside).toBeLessThanOrEqual(2 * (limit.points + limit.burst));
        }
        const windows = Math.ceil((now + 1) / lengthMs);
        const bursts = Math.ceil(windows / 10) + 1;
        expect(allowed.length).toBeLessThanOrEqual(windows * limit.points + bursts * limit.burst);
      }),
    );
  });

  it('allows whoever comes back after Retry-After, and nobody who was told of nothing left', () => {
    fc.assert(
      fc.property(policies, gaps, (limit, waits) => {
        const call = counter(limit);
        let now = 0;
        let hasNothingLeft = false;
        let mayReturnAt = Number.POSITIVE_INFINITY;
        for (const wait of waits) {
          now += wait;
          const isBackInTime = now >= mayReturnAt;
          const verdict = call(now);
          if (isBackInTime) expect(verdict.kind).toBe('allowed');
          if (hasNothingLeft && wait === 0) expect(verdict.kind).toBe('limited');
          const { standing } = verdict;
          hasNothingLeft = standing.left === 0 && standing.burstLeft === 0;
          mayReturnAt = verdict.kind === 'limited' ? now + verdict.retryAfterSeconds * 1000 : Number.POSITIVE_INFINITY;
        }
      }),
    );
  });

  it('uses and leaves what adds up to the limit, whatever the store counted', () => {
    fc.assert(
      fc.property(
        policies,
        fc.integer({ min: -3, max: 100 }),
        fc.integer({ max: 90_000 }),
        (limit, used, resetsInMs) => {
          const standing = rateStanding(limit, { window: { used, resetsInMs }, burst: { used, resetsInMs } });
          expect(standing.used + standing.left).toBe(limit.points);
          expect(
            Math.min(standing.left, standing.used, standing.burstLeft, standing.resetsInSeconds),
          ).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it('never tells anybody to come back at once', () => {
    const counts = { window: { used: 3, resetsInMs: 0 }, burst: null };
    expect(rateVerdict(policy, counts)).toMatchObject({ kind: 'limited', retryAfterSeconds: 1 });
  });
});

describe('the headers', () => {
  it('are lists of structured fields', () => {
    expect(rateLimitPolicyHeader('paid', policy)).toBe('"paid";q=2;w=60');
    expect(rateLimitHeader('paid', policy, rateStanding(policy, freshCounts(policy)))).toBe('"paid";r=2;t=60');
  });

  it('name the burst as a policy of its own', () => {
    const bursty = { points: 10, windowSeconds: 60, burst: 5 };
    const standing = rateStanding(bursty, {
      window: { used: 12, resetsInMs: 100 },
      burst: { used: 2, resetsInMs: 599_001 },
    });
    expect(rateLimitPolicyHeader('unpaid', bursty)).toBe('"unpaid";q=10;w=60, "unpaid-burst";q=5;w=600');
    expect(rateLimitHeader('unpaid', bursty, standing)).toBe('"unpaid";r=0;t=1, "unpaid-burst";r=3;t=600');
  });
});

describe('wrongRateField', () => {
  it.each([
    ['points', { ...policy, points: 0 }],
    ['points', { ...policy, points: -1 }],
    ['points', { ...policy, points: 1.5 }],
    ['points', { ...policy, points: rateBounds.points.max + 1 }],
    ['windowSeconds', { ...policy, windowSeconds: 0 }],
    ['windowSeconds', { ...policy, windowSeconds: Number.NaN }],
    ['windowSeconds', { ...policy, windowSeconds: 86_401 }],
    ['burst', { ...policy, burst: -1 }],
    ['burst', { ...policy, burst: Number.POSITIVE_INFINITY }],
  ])('names %s', (field, wrong) => {
    expect(wrongRateField(wrong)).toBe(field);
  });

  it('finds nothing wrong between the bounds', () => {
    fc.assert(fc.property(policies, (limit) => wrongRateField(limit) === null));
  });
});
