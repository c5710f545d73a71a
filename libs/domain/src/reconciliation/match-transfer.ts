import { never } from '../never.js';
import type { AllocationBucket, MatchMethod } from '../payment/allocation.js';
import type { AttemptStatus } from '../payment/attempt.js';
import type { DiscrepancyKind } from './discrepancy.js';
import { forgivenAtomic, isDust, type Tolerance } from './tolerance.js';

/** The parts of a transfer that matching looks at, seen from one book. */
export type MatchableTransfer = {
  readonly amountAtomic: bigint;
  readonly isFromOwnWallet: boolean;
  readonly isToOwnWallet: boolean;
};

/** The attempt that a transfer's key or transaction hash names, with its intent. */
export type MatchCandidate = {
  readonly intentId: string;
  readonly attemptStatus: AttemptStatus;
  /** The least that pays the intent in full. */
  readonly dueAtomic: bigint;
  /** The most that is taken as its payment: its price, also where a transfer was asked for a little less (B2). */
  readonly priceAtomic: bigint;
  /** What other active allocations already pay on this intent. */
  readonly paidAtomic: bigint;
  readonly matchedBy: MatchMethod;
};

export type MatchLeg = {
  readonly bucket: AllocationBucket;
  readonly amountAtomic: bigint;
  readonly intentId: string | null;
  readonly matchedBy: MatchMethod;
  /** What is missing beside it and counts as paid all the same: a difference too small to ask about. */
  readonly forgivenAtomic?: bigint;
  /** The refund that it carries out. */
  readonly refundId?: string;
  /** Whether a refund returns what was owed, and not what was earned. */
  readonly isOwed?: boolean;
};

export type Match = {
  /** Legs sum to the transfer's amount exactly: no money is ever in no bucket (I06). Empty for a transfer of nothing. */
  readonly legs: readonly MatchLeg[];
  readonly discrepancies: readonly { readonly kind: DiscrepancyKind; readonly amountAtomic: bigint }[];
  /** Whether the attempt is paid by this transfer (T8). */
  readonly isAttemptPaid: boolean;
};

/**
 * Which payment a transfer pays. Keys decide, never amounts or order of arrival; what no key names is unmatched, never
 * a guess. A transfer of zero books nothing (A15).
 */
export function matchTransfer(
  transfer: MatchableTransfer,
  candidate: MatchCandidate | null,
  tolerance: Tolerance = 0n,
): Match {
  if (transfer.amountAtomic === 0n) return { legs: [], discrepancies: [], isAttemptPaid: false };
  if (transfer.isFromOwnWallet) return { legs: [outgoing(transfer)], discrepancies: [], isAttemptPaid: false };
  if (!candidate) return unmatched(transfer, tolerance);
  switch (candidate.attemptStatus) {
    case 'submitting':
    case 'submitted':
    case 'unknown':
      return payment(transfer, candidate, tolerance);
    case 'confirmed':
    case 'final':
      return whole(transfer, candidate, 'duplicate', 'duplicate');
    case 'failed':
      return whole(transfer, candidate, 'late', 'late');
    case 'claimed':
    case 'verified':
      // Nothing was sent by us, so somebody else broadcast it; the claim ends by itself (T4b).
      return unmatched(transfer, tolerance);
    default:
      return never(candidate.attemptStatus);
  }
}

/** Fits nothing: asked about, unless it is dust. */
function unmatched(transfer: MatchableTransfer, tolerance: Tolerance): Match {
  if (!isDust(transfer.amountAtomic, tolerance)) return whole(transfer, null, 'unmatched', 'unmatched');
  return { ...whole(transfer, null, 'dust', 'unmatched'), discrepancies: [] };
}

function payment(transfer: MatchableTransfer, candidate: MatchCandidate, tolerance: Tolerance): Match {
  const openAtomic = candidate.dueAtomic - candidate.paidAtomic;
  // Paid by other money while this was under way; what was sent has come all the same.
  if (openAtomic <= 0n) return { ...whole(transfer, candidate, 'duplicate', 'duplicate'), isAttemptPaid: true };
  const mostAtomic = candidate.priceAtomic - candidate.paidAtomic;
  const payingAtomic = transfer.amountAtomic < mostAtomic ? transfer.amountAtomic : mostAtomic;
  const excessAtomic = transfer.amountAtomic - payingAtomic;
  const missingAtomic = openAtomic > payingAtomic ? openAtomic - payingAtomic : 0n;
  const forgiven = forgivenAtomic(missingAtomic, candidate.dueAtomic, tolerance);
  const isPaid = missingAtomic === forgiven;
  const leg = { intentId: candidate.intentId, matchedBy: candidate.matchedBy };
  const paying = { ...leg, bucket: isPaid ? ('payment' as const) : ('partial' as const), amountAtomic: payingAtomic };
  return {
    legs: [
      forgiven > 0n ? { ...paying, forgivenAtomic: forgiven } : paying,
      ...(excessAtomic > 0n ? [{ ...leg, bucket: 'overpayment' as const, amountAtomic: excessAtomic }] : []),
    ],
    discrepancies: [
      ...(isPaid ? [] : [{ kind: 'short' as const, amountAtomic: missingAtomic }]),
      ...(excessAtomic > 0n && !isDust(excessAtomic, tolerance)
        ? [{ kind: 'over' as const, amountAtomic: excessAtomic }]
        : []),
    ],
    isAttemptPaid: isPaid,
  };
}

function outgoing(transfer: MatchableTransfer): MatchLeg {
  const bucket = transfer.isToOwnWallet ? 'self' : 'sweep';
  return { bucket, amountAtomic: transfer.amountAtomic, intentId: null, matchedBy: 'none' };
}

function whole(
  transfer: MatchableTransfer,
  candidate: MatchCandidate | null,
  bucket: AllocationBucket,
  kind: DiscrepancyKind,
): Match {
  const leg: MatchLeg = {
    bucket,
    amountAtomic: transfer.amountAtomic,
    intentId: candidate?.intentId ?? null,
    matchedBy: candidate?.matchedBy ?? 'none',
  };
  return { legs: [leg], discrepancies: [{ kind, amountAtomic: transfer.amountAtomic }], isAttemptPaid: false };
}
