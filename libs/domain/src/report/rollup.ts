import type { EntryDraft } from '../ledger/entry.js';
import { type AllocationBucket, isPaymentBucket } from '../payment/allocation.js';
import type { FailureReason } from '../payment/failure-reason.js';

/**
 * What became of money or of an attempt to pay, as sums tell it apart. `confirmed` and `final` do not overlap: money
 * moves from one to the other, so revenue is their sum. The others came in, but pay nothing; `failed` brought nothing.
 */
export const rollupOutcomes = [
  'confirmed',
  'final',
  'late',
  'overpayment',
  'duplicate',
  'unmatched',
  'dust',
  'failed',
] as const;
export type RollupOutcome = (typeof rollupOutcomes)[number];

/** One addition to the sums; negative where a reorg takes back. */
export type RollupChange = {
  readonly bookId: number;
  /** The accounting day, in the book's zone. */
  readonly day: string;
  /** The hour's first second. */
  readonly hourUnixSeconds: number;
  readonly endpointId: string | null;
  readonly network: string;
  readonly assetId: number;
  readonly outcome: RollupOutcome;
  /** Why, where the outcome is `failed`. */
  readonly reason: FailureReason | null;
  readonly count: number;
  readonly amountAtomic: bigint;
};

const otherIncome: readonly RollupOutcome[] = ['late', 'overpayment', 'duplicate', 'unmatched', 'dust'];

/**
 * What an entry adds to the sums. A payment counts once, with the leg that completes it; one that came short is money
 * without a count. Money that left, openings and losses count in no outcome.
 */
export function countEntry(bookId: number, entry: EntryDraft): readonly RollupChange[] {
  const [, bucket, step, isReversed] = /^([a-z]+)_(confirmed|final)(_reversed)?$/.exec(entry.kind) ?? [];
  const [posting] = entry.postings;
  if (bucket === undefined || entry.network === null || posting === undefined) return [];
  const sign = isReversed ? -1 : 1;
  const pending = [posting.debit, posting.credit].find((account) => account.type === 'pending');
  const change = (outcome: RollupOutcome, by: 1 | -1): RollupChange => ({
    bookId,
    day: entry.localDay,
    hourUnixSeconds: hourOf(entry.effectiveAtUnixSeconds),
    endpointId: pending?.type === 'pending' ? pending.endpointId : null,
    network: entry.network ?? '',
    assetId: posting.assetId,
    outcome,
    reason: null,
    count: bucket === 'partial' ? 0 : sign * by,
    amountAtomic: BigInt(sign * by) * posting.amountAtomic,
  });
  if (isPaymentBucket(bucket as AllocationBucket)) {
    return step === 'final' ? [change('confirmed', -1), change('final', 1)] : [change('confirmed', 1)];
  }
  const outcome = otherIncome.find((each) => each === bucket);
  return outcome === undefined ? [] : [change(outcome, 1)];
}

/** The first second of a moment's hour. Zones that are off by less than an hour share it. */
export function hourOf(unixSeconds: number): number {
  return Math.floor(unixSeconds / 3600) * 3600;
}
