import { describe, expect, it } from 'vitest';
import { rateLimitChangeSchema, rateLimitInputSchema, rateLimitOverrideInputSchema } from './rate-limit.js';

describe('rateLimitInputSchema', () => {
  it('takes calls a minute, a whole policy, and null for no limit', () => {
    const policy = { points: 10, windowSeconds: 30 };
    expect(rateLimitInputSchema.parse({ paidPerMinute: 60, unpaid: policy })).toEqual({
      paidPerMinute: 60,
      unpaid: { ...policy, burst: 0 },
    });
    expect(rateLimitInputSchema.parse({ paidPerMinute: null, unpaid: null })).toEqual({
      paidPerMinute: null,
      unpaid: null,
    });
  });

  it.each([
    [{ paidPerMinute: -1 }, 'paidPerMinute'],
    [{ paidPerMinute: 0 }, 'paidPerMinute'],
    [{ unpaidPerMinute: 1.5 }, 'unpaidPerMinute'],
    [{ unpaidPerMinute: 1_000_001 }, 'unpaidPerMinute'],
    [{ paidPerMinute: '60' }, 'paidPerMinute'],
    [{ paidPerMinute: Number.POSITIVE_INFINITY }, 'paidPerMinute'],
    [{ paid: { points: 5, windowSeconds: 0 } }, 'paid.windowSeconds'],
    [{ paid: { points: 5, windowSeconds: 60, burst: -1 } }, 'paid.burst'],
    [{ paidPerMinute: 5, paid: { points: 5, windowSeconds: 60 } }, 'paid'],
  ])('refuses %j and names the field', (input, field) => {
    expect(rateLimitInputSchema.safeParse(input).error?.issues[0]?.path.join('.')).toBe(field);
    expect(rateLimitChangeSchema.safeParse(input).error?.issues[0]?.path.join('.')).toBe(field);
  });

  it('refuses what it does not know', () => {
    expect(rateLimitChangeSchema.safeParse({ paidPerHour: 5 }).error?.issues[0]?.code).toBe('unrecognized_keys');
  });
});

describe('rateLimitOverrideInputSchema', () => {
  it('holds everywhere and for ever unless told', () => {
    const input = { subjectKind: 'payer', subject: '0xabc', action: 'block' };
    expect(rateLimitOverrideInputSchema.parse(input)).toEqual({
      ...input,
      endpointId: null,
      policy: null,
      expiresAt: null,
      reason: '',
    });
  });

  it.each([
    [{ expiresAt: '2026-12-01' }, 'expiresAt'],
    [{ expiresAt: '2026-12-01T00:00:00' }, 'expiresAt'],
    [{ subject: '' }, 'subject'],
    [{ action: 'ban' }, 'action'],
    [{ endpointId: 'pi_aaaaaaaaaaaaaaaaaaaaaaaaaa' }, 'endpointId'],
  ])('refuses %j', (wrong, field) => {
    const input = { subjectKind: 'payer', subject: '0xabc', action: 'block', ...wrong };
    expect(rateLimitOverrideInputSchema.safeParse(input).error?.issues[0]?.path.join('.')).toBe(field);
  });
});
