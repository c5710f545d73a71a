import type { FailureReason } from '@tollbook/domain';
import { type ChangeDeps, lockAttempt, movedAttempt, refreshContext, saveMove } from './change-attempt.js';
import { countFailure } from './count-failure.js';
import type { PaymentTx } from './ports/payment-tx.js';
import type { AttemptRecord, BookRecord } from './ports/records.js';

/**
 * T3: ends a claim before anything was sent and frees its replay key, so that the same payload may come again once
 * its fault is mended. False when the claim is no longer this owner's to end.
 */
export async function releaseClaim(
  tx: PaymentTx,
  deps: ChangeDeps,
  book: Pick<BookRecord, 'mode' | 'timeZone'>,
  claim: AttemptRecord,
  reason: FailureReason,
  rawReason: string | null,
  evidence: AttemptRecord['evidence'] = null,
): Promise<boolean> {
  const found = await lockAttempt(tx, claim);
  if (!found || found.attempt.epoch !== claim.epoch || found.attempt.sentAtMs !== null) return false;
  const { attempt } = found;
  if (attempt.status !== 'claimed' && attempt.status !== 'verified') return false;
  const next = movedAttempt(
    attempt,
    { type: 'released', reason },
    { rawReason, evidence, releasedAtMs: tx.nowMs, leaseOwner: null, leaseUntilMs: null, checkAtMs: null },
  );
  await saveMove(tx, found, next, refreshContext(deps, book, tx.nowMs, attempt.attemptId));
  await tx.releaseReplayKeys([attempt]);
  await tx.addRollups([countFailure(book, found.intent, next)]);
  return true;
}
