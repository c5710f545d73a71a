import { rateLimitOverrideInputSchema } from '@tollbook/contract';
import { encodeId, rateBounds, wrongRateField } from '@tollbook/domain';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../problem.js';
import { fromApiOverride, fromApiRateLimits } from './rate-limits.mapping.js';

const minute = (points: number) => ({ points, windowSeconds: 60, burst: 0 });
const key = Buffer.alloc(32, 3);
const payer = `0x${'aB'.repeat(20)}`;

describe('fromApiRateLimits', () => {
  const current = { paid: minute(60), unpaid: minute(5) };

  it.each([
    [{}, current],
    [{ paidPerMinute: 10 }, { ...current, paid: minute(10) }],
    [{ paidPerMinute: null }, { ...current, paid: null }],
    [
      { unpaid: { points: 3, windowSeconds: 10, burst: 1 } },
      { ...current, unpaid: { points: 3, windowSeconds: 10, burst: 1 } },
    ],
    [
      { paid: null, unpaidPerMinute: 7 },
      { paid: null, unpaid: minute(7) },
    ],
  ])('makes of %j', (input, limits) => {
    expect(fromApiRateLimits(input, current)).toEqual(limits);
  });

  it('makes nothing that the rule would refuse', () => {
    for (const points of [rateBounds.points.min, rateBounds.points.max]) {
      const { paid } = fromApiRateLimits({ paidPerMinute: points }, current);
      expect(paid && wrongRateField(paid)).toBeNull();
    }
  });
});

describe('fromApiOverride', () => {
  const read = (input: Record<string, unknown>) =>
    fromApiOverride(
      rateLimitOverrideInputSchema.parse({ subjectKind: 'payer', subject: payer, action: 'block', ...input }),
      key,
      Date.parse('2026-11-20T10:00:00Z'),
    );

  it('reads a payer in any case, here or everywhere', () => {
    const endpointId = '018f0000-0000-7000-8000-000000000001';
    expect(read({ endpointId: encodeId('endpoint', endpointId), expiresAt: '2026-11-21T00:00:00Z' })).toEqual({
      subjectKind: 'payer',
      subject: payer.toLowerCase(),
      endpointId,
      decision: { action: 'block' },
      expiresAtMs: Date.parse('2026-11-21T00:00:00Z'),
      reason: '',
    });
    expect(read({ action: 'limit', policy: { points: 2, windowSeconds: 60 } }).decision).toEqual({
      action: 'limit',
      policy: { points: 2, windowSeconds: 60, burst: 0 },
    });
  });

  it('keeps of an address only the hash of its network, and takes that hash as well', () => {
    const { subject } = read({ subjectKind: 'address', subject: '2001:db8::1' });
    expect(subject).toMatch(/^[0-9a-f]{16}$/);
    expect(read({ subjectKind: 'address', subject: '2001:db8::2' }).subject).toBe(subject);
    expect(read({ subjectKind: 'address', subject }).subject).toBe(subject);
  });

  it.each([
    [{ subject: 'somebody' }, 'subject'],
    [{ subjectKind: 'address', subject: payer }, 'subject'],
    [{ subjectKind: 'address', subject: '192.0.2.300' }, 'subject'],
    [{ action: 'limit' }, 'policy'],
    [{ action: 'allow', policy: { points: 2, windowSeconds: 60 } }, 'policy'],
    [{ expiresAt: '2026-11-20T10:00:00Z' }, 'expiresAt'],
  ])('refuses %j and names the field', (input, parameter) => {
    try {
      read(input);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ProblemError);
      expect(error instanceof ProblemError && error.body()).toMatchObject({ code: 'parameter_invalid', parameter });
    }
  });
});
