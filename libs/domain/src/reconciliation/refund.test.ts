import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocationBuckets } from '../payment/allocation.js';
import { judgeRefund, type RefundFacts, refundableAtomic, refundStatuses, returnedAtomic } from './refund.js';

const atomic = fc.bigInt({ min: 0n, max: 1_000n });
const facts: fc.Arbitrary<RefundFacts> = fc.record({
  allocations: fc.array(
    fc.record({ bucket: fc.constantFrom(...allocationBuckets), amountAtomic: atomic, isFinal: fc.boolean() }),
    { maxLength: 6 },
  ),
  refunds: fc.array(
    fc.record({ status: fc.constantFrom(...refundStatuses), amountAtomic: atomic, returnedAtomic: fc.constant(0n) }),
    { maxLength: 4 },
  ),
});
const paid = { bucket: 'payment' as const, amountAtomic: 10n, isFinal: true };

describe('judgeRefund', () => {
  it('lets through exactly what is left of what came and is final', () => {
    fc.assert(
      fc.property(facts, fc.bigInt({ min: 0n, max: 9_000n }), (each, amountAtomic) => {
        const isRight = amountAtomic > 0n && amountAtomic <= refundableAtomic(each);
        expect(judgeRefund(amountAtomic, each) === null).toBe(isRight);
      }),
    );
  });

  it.each([
    ['more than came', 11n, { allocations: [paid], refunds: [] }, 'refund_over_received'],
    ['what is not final', 10n, { allocations: [{ ...paid, isFinal: false }], refunds: [] }, 'payment_not_final'],
    ['nothing', 0n, { allocations: [paid], refunds: [] }, 'refund_zero'],
    ['of what nobody paid', 1n, { allocations: [], refunds: [] }, 'refund_over_received'],
    [
      'what was given back before',
      1n,
      { allocations: [paid], refunds: [{ status: 'final', amountAtomic: 10n, returnedAtomic: 0n }] },
      'refund_over_received',
    ],
  ] as const)('refuses %s', (_name, amountAtomic, each, reason) => {
    expect(judgeRefund(amountAtomic, each)).toBe(reason);
  });

  it('counts neither what was taken back nor what is no receipt', () => {
    const refunds = [{ status: 'canceled' as const, amountAtomic: 10n, returnedAtomic: 0n }];
    const outgoing = { bucket: 'refund' as const, amountAtomic: 3n, isFinal: true };
    expect(refundableAtomic({ allocations: [paid, outgoing], refunds })).toBe(10n);
  });
});

describe('returnedAtomic', () => {
  it('is what is owed still, at most the refund', () => {
    const late = { bucket: 'late' as const, amountAtomic: 7n, isFinal: true };
    const before = { status: 'final' as const, amountAtomic: 9n, returnedAtomic: 4n };
    expect(returnedAtomic(2n, { allocations: [paid, late], refunds: [before] })).toBe(2n);
    expect(returnedAtomic(8n, { allocations: [paid, late], refunds: [before] })).toBe(3n);
    expect(returnedAtomic(8n, { allocations: [paid], refunds: [before] })).toBe(0n);
  });
});
