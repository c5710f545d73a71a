import { describe, expect, it } from 'vitest';
import { type AttemptStatus, attemptStatuses } from '../payment/attempt.js';
import { isInDoubt, isNotFetched } from './is-in-doubt.js';

const statusesInDoubt = (servedAtMs: number | null, kind: Parameters<typeof isInDoubt>[1]): AttemptStatus[] =>
  attemptStatuses.filter((status) => isInDoubt({ status, servedAtMs }, kind));

describe('isInDoubt', () => {
  it('records as not served what is paid, or sent and about to be', () => {
    expect(statusesInDoubt(null, 'paid_not_served')).toEqual(['submitted', 'confirmed', 'final']);
  });

  it('records as not paid what was served and has no transfer yet, unless it failed', () => {
    const unpaid = ['claimed', 'verified', 'submitting', 'submitted', 'unknown'];
    expect(statusesInDoubt(1_000, 'served_not_paid')).toEqual(unpaid);
  });

  it('counts time zero as a time', () => {
    expect(isInDoubt({ status: 'final', servedAtMs: 0 }, 'paid_not_served')).toBe(false);
    expect(isInDoubt({ status: 'unknown', servedAtMs: 0 }, 'served_not_paid')).toBe(true);
  });

  it('has nothing to say once both or neither happened', () => {
    expect(statusesInDoubt(1_000, 'paid_not_served')).toEqual([]);
    expect(statusesInDoubt(null, 'served_not_paid')).toEqual([]);
  });
});

describe('isNotFetched', () => {
  const paid = { source: 'pay_page', endpointId: 'endpoint', status: 'final', attempts: [] } as const;

  it('is what a transfer paid of an endpoint’s offer and nobody has come for', () => {
    expect(isNotFetched(paid)).toBe(true);
    expect(isNotFetched({ ...paid, source: 'gate', attempts: [{ status: 'failed' }] })).toBe(true);
  });

  it.each([
    ['not paid', { status: 'processing' }],
    ['fetched, or being fetched', { attempts: [{ status: 'final' }] }],
    ['a merchant’s own intent', { source: 'api' }],
    ['no endpoint’s work', { endpointId: null }],
  ] as const)('is not what is %s', (_name, change) => {
    expect(isNotFetched({ ...paid, ...change })).toBe(false);
  });
});
