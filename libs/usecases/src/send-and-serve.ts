import { lockAttempt, movedAttempt, refreshContext, saveMove } from './change-attempt.js';
import type { AttemptRecord } from './ports/records.js';
import type { SendOutcome } from './ports/settlement-gateway.js';
import type { UpstreamAnswer } from './ports/upstream.js';
import type { PaymentChain, Purchase, PurchaseDeps, PurchaseOutcome, Receipt } from './purchase.js';

/** The receipt of an attempt whose bytes were taken by our node. */
export function successReceipt(attempt: AttemptRecord): Receipt {
  const { txHash, network, payer } = attempt;
  return { isSuccess: true, txHash, network, payer, errorReason: null };
}

/** The receipt of an attempt that is undecided, or decided against. */
export function failureReceipt(attempt: AttemptRecord, errorReason: string): Receipt {
  const { txHash, network, payer } = attempt;
  return { isSuccess: false, txHash, network, payer, errorReason };
}

/**
 * Sends the signed bytes that were committed, once more if they were sent before, and serves the held answer. What
 * the send did not make certain is `unknown` (T6): no answer after this line invites a new payment.
 */
export async function sendAndServe(
  deps: PurchaseDeps,
  purchase: Purchase,
  attempt: AttemptRecord,
  answer: UpstreamAnswer | null,
  how: { readonly isReplay: boolean; readonly invoiceId: string },
): Promise<PurchaseOutcome> {
  const { invoiceId, isReplay } = how;
  const chain = deps.chainOf(attempt.network);
  const sent =
    chain && attempt.signedTx
      ? await sendSafely(deps, chain, attempt.signedTx)
      : ({ kind: 'uncertain', hint: 'no_settlement' } as const);
  deps.failpoint('settlement_sent');
  if (sent.kind === 'uncertain') {
    // Should this commit fail, the sweeper makes it when the lease lapses; the buyer's answer is the same.
    await markUnknown(deps, purchase, attempt, sent.hint).catch(deps.reportFailure);
    const receipt = failureReceipt(attempt, 'settlement_pending');
    return { kind: 'unknown', code: 'payment_outcome_unknown', receipt, invoiceId };
  }
  const receipt = successReceipt(attempt);
  const afterAnswer = (isComplete: boolean) => recordSent(deps, purchase, attempt, isComplete && answer !== null);
  if (answer) return { kind: 'served', answer, receipt, invoiceId, isReplay, afterAnswer };
  await afterAnswer(false);
  return { kind: 'result_gone', receipt, invoiceId };
}

/** A bug after the decision to send must not tell the buyer that nothing was charged. */
async function sendSafely(deps: PurchaseDeps, chain: PaymentChain, signedTx: Uint8Array): Promise<SendOutcome> {
  try {
    return await chain.settlement.send(signedTx);
  } catch (error) {
    deps.reportFailure(error);
    return { kind: 'uncertain', hint: 'internal' };
  }
}

/** T6. The indexer may have been faster; then there is nothing left to doubt. */
async function markUnknown(deps: PurchaseDeps, purchase: Purchase, sent: AttemptRecord, hint: string): Promise<void> {
  await deps.store.inBook(sent.bookId, async (tx) => {
    const found = await lockAttempt(tx, sent);
    if (!found || found.attempt.epoch !== sent.epoch) return;
    const lease = { leaseOwner: null, leaseUntilMs: null };
    if (found.attempt.status === 'unknown') {
      const resent = { lastSentAtMs: tx.nowMs, resentCount: found.attempt.resentCount + 1 };
      await tx.saveAttempts([{ previous: found.attempt, next: { ...found.attempt, ...lease, ...resent } }]);
      return;
    }
    if (found.attempt.status !== 'submitting') return;
    const next = movedAttempt(
      found.attempt,
      { type: 'send_uncertain' },
      { ...lease, rawReason: hint, checkAtMs: tx.nowMs, lastSentAtMs: tx.nowMs },
    );
    await saveMove(tx, found, next, refreshContext(deps, purchase.book, tx.nowMs, sent.attemptId, { hint }));
  });
}

/** T5, and `served_at` when the last byte left. Losing this commit loses nothing: the chain gives T8. */
async function recordSent(
  deps: PurchaseDeps,
  purchase: Purchase,
  sent: AttemptRecord,
  isServed: boolean,
): Promise<void> {
  deps.failpoint('answer_sent');
  await deps.store.inBook(sent.bookId, async (tx) => {
    const found = await lockAttempt(tx, sent);
    if (!found) return;
    const { attempt } = found;
    const served = { servedAtMs: attempt.servedAtMs ?? (isServed ? tx.nowMs : null) };
    const state = { ...served, submittedAtMs: attempt.submittedAtMs ?? tx.nowMs, lastSentAtMs: tx.nowMs };
    const isWaiting = attempt.status === 'submitting' || attempt.status === 'unknown';
    const next = isWaiting
      ? movedAttempt(
          attempt,
          { type: 'send_accepted' },
          { ...state, leaseOwner: null, leaseUntilMs: null, checkAtMs: null },
        )
      : { ...attempt, ...served };
    await saveMove(tx, found, next, refreshContext(deps, purchase.book, tx.nowMs, attempt.attemptId));
    if (isServed) {
      const { bookId, attemptId } = attempt;
      await tx.closeDiscrepancies([{ bookId, kind: 'paid_not_served', subjectId: attemptId }], 'served');
    }
    deps.failpoint('served_open');
  });
  deps.failpoint('served_committed');
}

/** Records that a stored answer reached its buyer. */
export async function recordReplayServed(
  deps: PurchaseDeps,
  purchase: Purchase,
  attempt: AttemptRecord,
  isComplete: boolean,
): Promise<void> {
  if (!isComplete || attempt.servedAtMs !== null) return;
  await recordSent(deps, purchase, attempt, true);
}
