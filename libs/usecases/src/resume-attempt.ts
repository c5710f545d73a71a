import { equalBytes, invoiceIdBytes, invoiceIdText, mayRunAgain, type SettleMode } from '@tollbook/domain';
import type { AttemptRecord } from './ports/records.js';
import { type Purchase, type PurchaseDeps, type PurchaseOutcome, refusedWith, type Sale } from './purchase.js';
import { runClaim } from './run-claim.js';
import { runPaid } from './run-paid.js';
import { sendAndRun } from './send-and-run.js';
import { failureReceipt, recordReplayServed, sendAndServe, successReceipt } from './send-and-serve.js';
import { readAnswer } from './stored-answer.js';
import { claimLeaseMs } from './time-limits.js';

/** A buyer who waits may have the same bytes sent again this often, this far apart (presence rule). */
const resendsMax = 5;
const resendGapMs = 5_000;
/** A payload without invoice id is public once settled: so long the address that claimed may read its answer. */
const sameAddressMs = 10 * 60 * 1000;

export type Resumed = PurchaseOutcome | { readonly kind: 'wait' } | { readonly kind: 'claim_again' };

/** How an attempt was found again. */
export type ResumedBy = {
  /** By another signature of its payer, which is not taken itself. */
  readonly isEarlierSignature: boolean;
  /** When money moves, by terms that were checked just now with the signature; null without: nothing is begun then. */
  readonly settleMode: SettleMode | null;
  /** Whether no other copy of this payment is being worked on in this process. */
  readonly isAlone: boolean;
};

/**
 * Answers a payment that was seen before from what became of it: the stored answer, the same doubt, the same proof of
 * failure; or goes on where a process died. Never a second charge, never a second run of what was already sold.
 */
export async function resumeAttempt(
  deps: PurchaseDeps,
  purchase: Purchase,
  attempt: AttemptRecord,
  how: ResumedBy,
): Promise<Resumed> {
  if (!equalBytes(attempt.requestFingerprint, purchase.requestFingerprint)) {
    return refusedWith('payment_used_elsewhere');
  }
  const invoiceBytes = await deps.store.invoiceIdOf(attempt.bookId, attempt.intentId);
  const invoiceId = invoiceBytes ? invoiceIdText(invoiceBytes) : '';
  const mayRead =
    attempt.payer === purchase.presented.authorization.from &&
    (how.isEarlierSignature || isEntitled(deps, purchase, attempt, invoiceBytes));
  switch (attempt.status) {
    case 'claimed':
    case 'verified':
      if (how.isEarlierSignature || how.settleMode === null || !isAbandoned(deps, attempt, how))
        return { kind: 'wait' };
      if (!isWhatWasClaimed(purchase, attempt, invoiceBytes)) return refusedWith('payment_used_elsewhere');
      return takeOverClaim(deps, purchase, attempt, invoiceId, how.settleMode);
    case 'submitting':
      if (!attempt.canBeTakenOver) return { kind: 'wait' };
      return takeOverSend(deps, purchase, attempt, invoiceId, mayRead);
    case 'submitted':
    case 'confirmed':
    case 'final':
      return mayRead ? replay(deps, purchase, attempt, invoiceId) : refusedWith('payment_used_elsewhere');
    case 'unknown':
      return answerUnknown(deps, purchase, attempt, invoiceId, mayRead, how.isEarlierSignature);
    case 'failed': {
      if (attempt.releasedAtMs !== null) return { kind: 'claim_again' };
      const reason = attempt.reason ?? 'authorization_expired';
      return { kind: 'failed', reason, receipt: failureReceipt(attempt, reason), invoiceId };
    }
  }
}

/**
 * Whether nobody works on a claim: its owner is gone, or it is this very process and no other copy runs here, because
 * the answer to the commit of the claim was lost. Nothing was sent yet, and the next epoch fences whoever thinks so.
 */
function isAbandoned(deps: PurchaseDeps, attempt: AttemptRecord, how: ResumedBy): boolean {
  return attempt.canBeTakenOver || (how.isAlone && attempt.leaseOwner === deps.bootId);
}

/** Whoever shows the invoice id, which never goes on chain; without one, the address that claimed, for a while. */
function isEntitled(
  deps: PurchaseDeps,
  purchase: Purchase,
  attempt: AttemptRecord,
  invoiceBytes: Uint8Array | null,
): boolean {
  const { invoiceId } = purchase.presented;
  if (invoiceId !== null) return isInvoice(invoiceId, invoiceBytes);
  const isRecent = deps.clock.nowMs() - attempt.createdAtMs <= sameAddressMs;
  return isRecent && equalBytes(attempt.clientNet, purchase.clientNet);
}

/**
 * Whether carrying the claim on would send what the claim promised. A payer may sign one nonce twice, for another
 * amount or another end, and only the first signing has its terms in the claim.
 */
function isWhatWasClaimed(purchase: Purchase, attempt: AttemptRecord, invoiceBytes: Uint8Array | null): boolean {
  const { authorization, invoiceId } = purchase.presented;
  if (invoiceId !== null && !isInvoice(invoiceId, invoiceBytes)) return false;
  const { valueAtomic, validBeforeUnixSeconds } = authorization;
  return valueAtomic === attempt.amountAtomic && Number(validBeforeUnixSeconds) === attempt.validBeforeUnixSeconds;
}

function isInvoice(text: string, invoiceBytes: Uint8Array | null): boolean {
  const shown = invoiceIdBytes(text);
  return shown !== null && invoiceBytes !== null && equalBytes(shown, invoiceBytes);
}

async function takeOverClaim(
  deps: PurchaseDeps,
  purchase: Purchase,
  attempt: AttemptRecord,
  invoiceId: string,
  settleMode: SettleMode,
): Promise<Resumed> {
  const ours = await deps.store.takeOver(attempt, deps.bootId, claimLeaseMs(purchase.endpoint.timeoutMs));
  return ours ? runClaim(deps, purchase, ours, invoiceId, settleMode) : { kind: 'wait' };
}

/** K4 and K5: the owner died around the send. The same bytes pay once, however often they are sent. */
async function takeOverSend(
  deps: PurchaseDeps,
  purchase: Purchase,
  attempt: AttemptRecord,
  invoiceId: string,
  mayRead: boolean,
): Promise<Resumed> {
  const ours = await deps.store.takeOver(attempt, deps.bootId, claimLeaseMs(purchase.endpoint.timeoutMs));
  if (!ours) return { kind: 'wait' };
  if (ours.settleMode === 'before' && mayRead) {
    return sendAndRun(deps, purchase, ours, { isReplay: true, isOwner: true, invoiceId });
  }
  const answer = mayRead ? await readAnswer(deps.store, deps.sealer, attempt, deps.clock.nowMs()) : null;
  return sendAndServe(deps, purchase, ours, answer, { isReplay: true, invoiceId });
}

/** The stored answer; without one the upstream runs for what it owes, or for a request that changes nothing. */
export async function replay(
  deps: PurchaseDeps,
  purchase: Sale,
  attempt: AttemptRecord,
  invoiceId: string,
): Promise<Resumed> {
  const receipt = successReceipt(attempt);
  const answer = await readAnswer(deps.store, deps.sealer, attempt, deps.clock.nowMs());
  if (!answer) {
    const verdict = mayRunAgain(attempt, purchase.method, deps.clock.nowMs());
    if (verdict === 'never') return { kind: 'result_gone', receipt, invoiceId };
    return runPaid(deps, purchase, attempt, { isOwner: false, isRerun: verdict === 'again', invoiceId });
  }
  const afterAnswer = (isComplete: boolean) => recordReplayServed(deps, purchase, attempt, isComplete);
  return { kind: 'served', answer, receipt, invoiceId, isReplay: true, afterAnswer };
}

async function answerUnknown(
  deps: PurchaseDeps,
  purchase: Purchase,
  attempt: AttemptRecord,
  invoiceId: string,
  mayRead: boolean,
  isEarlierSignature: boolean,
): Promise<Resumed> {
  const receipt = failureReceipt(attempt, 'settlement_pending');
  const code = isEarlierSignature ? 'earlier_payment_unknown' : 'payment_outcome_unknown';
  const unknown = { kind: 'unknown', code, receipt, invoiceId } as const;
  const restedMs = deps.clock.nowMs() - (attempt.lastSentAtMs ?? 0);
  const hasReceiver = attempt.signedTx !== null || attempt.facilitatorId !== null;
  const mayResend = hasReceiver && attempt.resentCount < resendsMax && restedMs >= resendGapMs;
  if (!mayRead || isEarlierSignature || !mayResend) return unknown;
  const answer = await readAnswer(deps.store, deps.sealer, attempt, deps.clock.nowMs());
  const how = { isReplay: true, isOwner: false, invoiceId };
  const isOwed = mayRunAgain(attempt, purchase.method, deps.clock.nowMs()) === 'owed';
  return !answer && isOwed
    ? sendAndRun(deps, purchase, attempt, how)
    : sendAndServe(deps, purchase, attempt, answer, how);
}
