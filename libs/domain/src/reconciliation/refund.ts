import type { AllocationBucket } from '../payment/allocation.js';

/**
 * How far a refund is. It is only announced (`recorded`) until the chain shows the transfer that carries it out:
 * `confirmed` at the depth of its network, `final` when nothing can undo it.
 */
export const refundStatuses = ['recorded', 'confirmed', 'final', 'canceled'] as const;
export type RefundStatus = (typeof refundStatuses)[number];

/** Every permitted change of a refund's status, as the database trigger enforces it. */
export const refundMoves: readonly (readonly [RefundStatus, RefundStatus])[] = [
  ['recorded', 'confirmed'],
  ['recorded', 'canceled'],
  ['confirmed', 'final'],
  ['confirmed', 'recorded'],
];

type Received = { readonly bucket: AllocationBucket; readonly amountAtomic: bigint; readonly isFinal: boolean };
type Announced = { readonly status: RefundStatus; readonly amountAtomic: bigint; readonly returnedAtomic: bigint };

export type RefundFacts = {
  /** What stands on the payment, in its own asset. */
  readonly allocations: readonly Received[];
  /** Every refund of the payment. */
  readonly refunds: readonly Announced[];
};

export type RefundRefusal = 'refund_zero' | 'payment_not_final' | 'refund_over_received';

/** Money that belongs to the buyer still: it paid nothing. */
const owedBuckets: readonly AllocationBucket[] = ['overpayment', 'late', 'duplicate'];

/** What may still be given back of a payment: all that came and is final, less what was announced before (I09). */
export function refundableAtomic({ allocations, refunds }: RefundFacts): bigint {
  const received = sum(allocations.filter((each) => isReceived(each) && each.isFinal));
  return received - sum(refunds.filter(({ status }) => status !== 'canceled'));
}

/**
 * Why a refund of so much may not be announced, or null. Money that a reorg could still take is not given back: the
 * books would then hold a refund of nothing.
 */
export function judgeRefund(amountAtomic: bigint, facts: RefundFacts): RefundRefusal | null {
  if (amountAtomic === 0n && refundableAtomic(facts) > 0n) return 'refund_zero';
  if (amountAtomic > 0n && amountAtomic <= refundableAtomic(facts)) return null;
  const all = facts.allocations.map((each) => ({ ...each, isFinal: true }));
  const isWaiting = amountAtomic <= refundableAtomic({ ...facts, allocations: all });
  return isWaiting && all.some(isReceived) ? 'payment_not_final' : 'refund_over_received';
}

/** How much of a refund gives back what was never income: that first, and only then what was earned. */
export function returnedAtomic(amountAtomic: bigint, { allocations, refunds }: RefundFacts): bigint {
  const owed = sum(allocations.filter(({ bucket }) => owedBuckets.includes(bucket)));
  const returned = refunds.reduce((total, refund) => total + refund.returnedAtomic, 0n);
  const left = owed > returned ? owed - returned : 0n;
  return amountAtomic < left ? amountAtomic : left;
}

function isReceived({ bucket }: Received): boolean {
  return bucket === 'payment' || bucket === 'partial' || owedBuckets.includes(bucket);
}

function sum(amounts: readonly { readonly amountAtomic: bigint }[]): bigint {
  return amounts.reduce((total, { amountAtomic }) => total + amountAtomic, 0n);
}
