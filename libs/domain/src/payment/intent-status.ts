import type { AllocationBucket } from './allocation.js';
import { isPaymentBucket, paidAtomic } from './allocation.js';
import type { AttemptStatus } from './attempt.js';
import { type FailureReason, refusalReasons } from './failure-reason.js';
import type { IntentSource, IntentStatus } from './intent.js';

/** What an intent's status follows from. `allocations` are those not reversed, each at its confirmed depth or deeper. */
export type IntentFacts = {
  readonly source: IntentSource;
  readonly dueAtomic: bigint;
  readonly isCanceled: boolean;
  readonly attempts: readonly {
    readonly status: AttemptStatus;
    readonly reason: FailureReason | null;
    readonly isReleased: boolean;
  }[];
  readonly allocations: readonly {
    readonly bucket: AllocationBucket;
    readonly amountAtomic: bigint;
    readonly forgivenAtomic?: bigint;
    readonly isFinal: boolean;
  }[];
  /**
   * Whether `expiresAt` and its grace are over *and* every network's cursor has passed that moment in chain time, so
   * that lateness never depends on how far the indexer was (I14).
   */
  readonly isOver: boolean;
};

export type IntentStatusResult = { readonly status: IntentStatus; readonly failureReason: FailureReason | null };

/** The status of an intent, a pure function of its attempts and allocations. The first row that holds wins. */
export function intentStatus(facts: IntentFacts): IntentStatusResult {
  const paying = facts.allocations.filter((allocation) => isPaymentBucket(allocation.bucket));
  if (paying.length > 0 && paidAtomic(paying) >= facts.dueAtomic) {
    return plain(paying.every((allocation) => allocation.isFinal) ? 'final' : 'confirmed');
  }
  const statuses = new Set(facts.attempts.map((attempt) => attempt.status));
  if (statuses.has('unknown')) return plain('unknown');
  // An attempt whose allocation was reversed by a reorg stands at `submitted` again.
  if (statuses.has('submitting') || statuses.has('submitted')) return plain('processing');
  if (facts.isCanceled) return plain('canceled');
  const failure = failureOf(facts);
  if (failure) return { status: 'failed', failureReason: failure };
  // A claim made in time keeps its intent open: nothing could end it later, since `expired` absorbs.
  const isClaimed = statuses.has('claimed') || statuses.has('verified');
  return plain(facts.isOver && !isClaimed ? 'expired' : 'open');
}

/**
 * Why an intent made from an offer has failed, or null. A refusal and a negative proof count at once, an interruption
 * when the offer is over. A stored intent stays open: another wallet may pay it.
 */
function failureOf(facts: IntentFacts): FailureReason | null {
  if (facts.source !== 'gate') return null;
  const failed = facts.attempts.filter((attempt) => attempt.status === 'failed');
  const told = failed.filter(
    ({ reason, isReleased }) => !isReleased || (reason !== null && refusalReasons.includes(reason)) || facts.isOver,
  );
  return told[told.length - 1]?.reason ?? null;
}

/** Why an intent has failed, or why the last try at one that may still be paid came to nothing; null otherwise. */
export function failureToTell(intent: {
  readonly status: IntentStatus;
  readonly failureReason: FailureReason | null;
  /** The oldest first. */
  readonly attempts: readonly { readonly status: AttemptStatus; readonly reason: FailureReason | null }[];
}): FailureReason | null {
  if (intent.status !== 'open') return intent.failureReason;
  const last = intent.attempts[intent.attempts.length - 1];
  return last?.status === 'failed' ? last.reason : null;
}

function plain(status: IntentStatus): IntentStatusResult {
  return { status, failureReason: null };
}
