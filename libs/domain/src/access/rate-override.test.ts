import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveRate, type RateOverride } from './rate-override.js';

const own = { points: 60, windowSeconds: 60, burst: 0 };
const here = '018f0000-0000-7000-8000-000000000001';
const elsewhere = '018f0000-0000-7000-8000-000000000002';

function override(changes: Partial<RateOverride>): RateOverride {
  const { decision = { action: 'allow' } as const, ...rest } = changes;
  return { subjectKind: 'payer', subject: '0xabc', endpointId: null, expiresAtMs: null, ...rest, decision };
}

describe('effectiveRate', () => {
  it('is the endpoint’s own limit where nobody made an exception', () => {
    expect(effectiveRate(own, [], here, 0)).toEqual({ kind: 'limited', policy: own });
    expect(effectiveRate(null, [], here, 0)).toEqual({ kind: 'unlimited' });
  });

  it('follows the exception of this endpoint before that of all', () => {
    const policy = { points: 1, windowSeconds: 10, burst: 0 };
    const all = override({ decision: { action: 'block' } });
    const one = override({ endpointId: here, decision: { action: 'limit', policy } });
    expect(effectiveRate(own, [all, one], here, 0)).toEqual({ kind: 'limited', policy });
    expect(effectiveRate(own, [all, one], elsewhere, 0)).toEqual({ kind: 'blocked', untilMs: null });
  });

  it('leaves out what belongs to another endpoint', () => {
    expect(effectiveRate(own, [override({ endpointId: elsewhere })], here, 0)).toEqual({
      kind: 'limited',
      policy: own,
    });
  });

  it('limits also where the endpoint has no limit, and frees where it has one', () => {
    const policy = { points: 5, windowSeconds: 1, burst: 5 };
    expect(effectiveRate(null, [override({ decision: { action: 'limit', policy } })], here, 0)).toEqual({
      kind: 'limited',
      policy,
    });
    expect(effectiveRate(own, [override({})], here, 0)).toEqual({ kind: 'unlimited' });
  });

  it('forgets an exception at the very millisecond in which it ends', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (endsAt, now) => {
        const rate = effectiveRate(own, [override({ expiresAtMs: endsAt, decision: { action: 'block' } })], here, now);
        expect(rate.kind).toBe(now < endsAt ? 'blocked' : 'limited');
      }),
    );
  });
});
