import type { FailureReason } from '@tollbook/domain';
import { lockAttempt, movedAttempt, refreshContext, saveMove } from './change-attempt.js';
import { closeNotServed } from './close-not-served.js';
import { countFailure } from './count-failure.js';
import type { AttemptRecord } from './ports/records.js';
import type { UpstreamAnswer } from './ports/upstream.js';
import type { Purchase, PurchaseDeps, PurchaseOutcome, Receipt } from './purchase.js';
import { sendAttempt } from './send-attempt.js';
import { readPayload } from './stored-payload.js';
import { claimLeaseMs } from './time-limits.js';
import { untilStored } from './until-stored.js';

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

/** How an attempt comes to be sent. */
type SendCause = { readonly isReplay: boolean; readonly invoiceId: string };

/** Sends what was committed and serves the held answer, where there is one. */
export async function sendAndServe(
  deps: PurchaseDeps,
  purchase: Purchase,
  attempt: AttemptRecord,
  answer: UpstreamAnswer | null,
  how: SendCause,
): Promise<PurchaseOutcome> {
  const sent = await sendCommitted(deps, purchase, attempt, how);
  if (sent.kind !== 'accepted') return sent;
  const { invoiceId, isReplay } = how;
  const accepted = sent.attempt;
  const receipt = successReceipt(accepted);
  const record = (isComplete: boolean) => recordSent(deps, purchase, accepted, isComplete && answer !== null);
  const afterAnswer = (isComplete: boolean) =>
    untilStored(() => record(isComplete), claimLeaseMs(purchase.endpoint.timeoutMs));
  if (answer) return { kind: 'served', answer, receipt, invoiceId, isReplay, afterAnswer };
  await record(false);
  return { kind: 'result_gone', receipt, invoiceId };
}

/**
 * Sends the signed bytes that were committed, once more if they were sent before. What the send did not make certain
 * is `unknown` (T6): no answer after this line invites a new payment.
 */
export async function sendCommitted(
  deps: PurchaseDeps,
  purchase: Purchase,
  attempt: AttemptRecord,
  { invoiceId, isReplay }: SendCause,
): Promise<
  | { readonly kind: 'accepted'; readonly attempt: AttemptRecord }
  | Extract<PurchaseOutcome, { kind: 'failed' | 'unknown' }>
> {
  // It was decided to send: a payload that cannot be read leaves the outcome in doubt, and is no refusal.
  const payload = await payloadToSend(deps, purchase, attempt, isReplay).catch(reported(deps));
  const sent = await sendAttempt(deps, attempt, payload);
  deps.failpoint('settlement_sent');
  if (sent.kind === 'refused') {
    const reason = await failByWord(deps, purchase, attempt, sent.rawReason);
    if (reason) return { kind: 'failed', reason, receipt: failureReceipt(attempt, reason), invoiceId };
  }
  if (sent.kind !== 'accepted') {
    const doubt = sent.kind === 'refused' ? { hint: 'refused', rawReason: sent.rawReason } : sent;
    // Should this commit fail, the sweeper makes it when the lease lapses; the buyer's answer is the same.
    await markUnknown(deps, purchase, attempt, doubt).catch(deps.reportFailure);
    const receipt = failureReceipt(attempt, 'settlement_pending');
    return { kind: 'unknown', code: 'payment_outcome_unknown', receipt, invoiceId };
  }
  return { kind: 'accepted', attempt: { ...attempt, txHash: sent.txHash } };
}

function reported({ reportFailure }: PurchaseDeps): (error: unknown) => null {
  return (error) => {
    reportFailure(error);
    return null;
  };
}

/** A remote facilitator gets the payment that was claimed; our own node gets bytes that are in the attempt. */
async function payloadToSend(
  deps: PurchaseDeps,
  purchase: Purchase,
  attempt: AttemptRecord,
  isReplay: boolean,
): Promise<Uint8Array | null> {
  if (attempt.facilitatorId === null) return null;
  return isReplay ? readPayload(deps.store, deps.sealer, attempt) : purchase.payload;
}

type Doubt = { readonly hint: string; readonly rawReason: string | null };

/** T6. The indexer may have been faster; then there is nothing left to doubt. */
async function markUnknown(
  deps: PurchaseDeps,
  purchase: Purchase,
  sent: AttemptRecord,
  { hint, rawReason }: Doubt,
): Promise<void> {
  const said = rawReason === null ? hint : `${hint}: ${rawReason}`;
  await deps.store.changeIntent(sent, async (tx) => {
    const found = await lockAttempt(tx, sent);
    if (!found || found.attempt.epoch !== sent.epoch) return;
    const lease = { leaseOwner: null, leaseUntilMs: null };
    if (found.attempt.status === 'unknown') {
      const resent = { rawReason: said, lastSentAtMs: tx.nowMs, resentCount: found.attempt.resentCount + 1 };
      await tx.saveAttempts([{ previous: found.attempt, next: { ...found.attempt, ...lease, ...resent } }]);
      return;
    }
    if (found.attempt.status !== 'submitting') return;
    const evidence = rawReason === null ? { hint } : { hint, rawReason };
    const next = movedAttempt(
      found.attempt,
      { type: 'send_uncertain' },
      { ...lease, rawReason: said, checkAtMs: tx.nowMs, lastSentAtMs: tx.nowMs },
    );
    await saveMove(tx, found, next, refreshContext(deps, purchase.book, tx.nowMs, sent.attemptId, evidence));
  });
}

/**
 * T11 by a facilitator's word, where it is trusted so far: it refused before it sent anything. The key stays taken, so
 * a transfer that comes all the same is found. Null when the attempt has moved on meanwhile.
 */
async function failByWord(
  deps: PurchaseDeps,
  purchase: Purchase,
  sent: AttemptRecord,
  rawReason: string,
): Promise<FailureReason | null> {
  const reason = rawReason === 'insufficient_funds' ? 'insufficient_funds' : 'verification_refused';
  return deps.store.changeIntent(sent, async (tx) => {
    const found = await lockAttempt(tx, sent);
    if (found?.attempt.status !== 'submitting' || found.attempt.epoch !== sent.epoch) return null;
    const evidence = { refusedBy: sent.facilitatorId, rawReason };
    const next = movedAttempt(
      found.attempt,
      { type: 'proved_failed', reason },
      { evidence, rawReason: `refused: ${rawReason}`, leaseOwner: null, leaseUntilMs: null, checkAtMs: null },
    );
    await saveMove(tx, found, next, refreshContext(deps, purchase.book, tx.nowMs, sent.attemptId, evidence));
    await tx.addRollups([countFailure(purchase.book, found.intent, next)]);
    return reason;
  });
}

/** T5, and `served_at` when the last byte left. Losing this commit loses nothing: the chain gives T8. */
async function recordSent(
  deps: PurchaseDeps,
  purchase: Pick<Purchase, 'book'>,
  sent: AttemptRecord,
  isServed: boolean,
): Promise<void> {
  deps.failpoint('answer_sent');
  await deps.store.changeIntent(sent, async (tx) => {
    const found = await lockAttempt(tx, sent);
    if (!found) return;
    const { attempt } = found;
    const served = { servedAtMs: attempt.servedAtMs ?? (isServed ? tx.nowMs : null) };
    const state = { ...served, submittedAtMs: attempt.submittedAtMs ?? tx.nowMs, lastSentAtMs: tx.nowMs };
    // The chain may have been faster, and what it shows stands over what anybody said.
    const isWaiting = attempt.status === 'submitting' || attempt.status === 'unknown';
    const next = isWaiting
      ? movedAttempt(
          attempt,
          { type: 'send_accepted' },
          { ...state, txHash: sent.txHash, leaseOwner: null, leaseUntilMs: null, checkAtMs: null },
        )
      : { ...attempt, ...served, ...(attempt.epoch === sent.epoch ? { leaseOwner: null, leaseUntilMs: null } : {}) };
    await saveMove(tx, found, next, refreshContext(deps, purchase.book, tx.nowMs, attempt.attemptId));
    if (isServed) await closeNotServed(tx, found.intent, attempt, 'served');
    deps.failpoint('served_open');
  });
  deps.failpoint('served_committed');
}

/** Records that a stored answer reached its buyer. */
export async function recordReplayServed(
  deps: PurchaseDeps,
  purchase: Pick<Purchase, 'book'>,
  attempt: AttemptRecord,
  isComplete: boolean,
): Promise<void> {
  if (!isComplete || attempt.servedAtMs !== null) return;
  await recordSent(deps, purchase, attempt, true);
}
