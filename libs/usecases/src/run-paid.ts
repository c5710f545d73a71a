import { isChargeable } from '@tollbook/domain';
import { lockAttempt, movedAttempt, refreshContext, saveMove } from './change-attempt.js';
import { closeNotServed } from './close-not-served.js';
import { KeptStream } from './kept-stream.js';
import type { AttemptRecord } from './ports/records.js';
import type { UpstreamAnswer, UpstreamOutcome } from './ports/upstream.js';
import type { PurchaseDeps, PurchaseOutcome, Sale } from './purchase.js';
import { tellDiscrepancy } from './refresh-intent.js';
import { failureReceipt, successReceipt } from './send-and-serve.js';
import { StoreUnavailable } from './store-unavailable.js';
import { sealAnswer, storedBodyBytesMax } from './stored-answer.js';
import { claimLeaseMs, streamSeconds } from './time-limits.js';
import { untilStored } from './until-stored.js';
import { waitForSight } from './wait-for-sight.js';

/** Why the upstream runs for a payment that was sent already. */
export type RunCause = {
  readonly invoiceId: string;
  /** Whether `attempt` is this process's own, by the epoch that it names. */
  readonly isOwner: boolean;
  /** Whether it is beyond a cap; left out: whatever the caps say now. */
  readonly isOnSight?: boolean | undefined;
  /** What the upstream has begun to answer already. */
  readonly started?: UpstreamAnswer | undefined;
  /** Whether it was served before, so that the run counts as one more. */
  readonly isRerun: boolean;
};

/**
 * Runs the upstream for a payment whose money has moved, in one process at a time, and serves what it answers. A buyer
 * who leaves does not stop it: what was paid for is kept for the retry. An upstream that fails is put on record at once.
 */
export async function runPaid(
  deps: PurchaseDeps,
  purchase: Sale,
  attempt: AttemptRecord,
  cause: RunCause,
): Promise<PurchaseOutcome | { readonly kind: 'wait' }> {
  const { invoiceId } = cause;
  let owned: AttemptRecord | null;
  try {
    owned = await takeRun(deps, purchase, attempt, cause);
  } catch (error) {
    // Money was sent, whatever went wrong: an answer that sounds as if nothing had happened would be untrue.
    deps.reportFailure(error);
    const receipt = failureReceipt(attempt, 'settlement_pending');
    return { kind: 'unknown', code: 'payment_outcome_unknown', receipt, invoiceId };
  }
  if (!owned) return { kind: 'wait' };
  const running = owned;
  if (
    running.status === 'submitted' &&
    (cause.isOnSight ?? (await deps.exposure.isPassedWith(running, purchase.endpoint)))
  ) {
    if (!(await waitForSight(deps, running))) {
      // Should this commit fail, the lease of the run lapses by itself.
      await endRun(deps, purchase, running).catch(deps.reportFailure);
      const receipt = failureReceipt(running, 'settlement_pending');
      return { kind: 'unknown', code: 'payment_outcome_unknown', receipt, invoiceId };
    }
  }
  const upstream: UpstreamOutcome = cause.started
    ? { kind: 'answered', answer: cause.started }
    : await purchase.callUpstream(running.attemptId, new AbortController().signal, 'streamed');
  deps.failpoint('upstream_answered');
  const receipt = successReceipt(running);
  const answer = upstream.kind === 'answered' ? upstream.answer : null;
  if (answer && isChargeable(answer)) {
    const stream = answer.stream && new KeptStream(answer.stream, storedBodyBytesMax);
    const afterAnswer = async (isComplete: boolean): Promise<void> => {
      const body = stream ? await stream.finish() : answer.body;
      const record = () =>
        stream?.isBroken
          ? recordNotServed(deps, purchase, running)
          : recordRun(deps, purchase, running, body && { ...answer, body }, isComplete);
      // Until it is written the payment is locked to this run, and what it bought is told as not served.
      await untilStored(record, runLeaseMs(purchase));
    };
    const onItsWay = stream ? { ...answer, stream } : answer;
    return { kind: 'served', answer: onItsWay, receipt, invoiceId, isReplay: false, afterAnswer };
  }
  // The buyer's answer is the same, so it does not wait for a database that is away.
  const record = () => recordNotServed(deps, purchase, running);
  await record().catch((error: unknown) => {
    if (!(error instanceof StoreUnavailable)) return deps.reportFailure(error);
    void untilStored(record, runLeaseMs(purchase)).catch(deps.reportFailure);
  });
  const { reason, requestFault } = upstream.kind === 'failed' ? upstream : ownRefusal;
  return { kind: 'paid_not_served', reason, requestFault, answer, receipt, invoiceId };
}

/** T5 where it is still open, and the lease of the run under the next epoch. Null when another process has it. */
async function takeRun(
  deps: PurchaseDeps,
  purchase: Sale,
  sent: AttemptRecord,
  { isOwner, isRerun }: RunCause,
): Promise<AttemptRecord | null> {
  return deps.store.changeIntent(sent, async (tx) => {
    const found = await lockAttempt(tx, sent);
    if (!found) return null;
    const { attempt } = found;
    if (attempt.status === 'failed') return null;
    // A run that began or ended since `sent` was read has left an answer, which the caller may not have seen.
    const isFree = sent.canBeTakenOver && attempt.canBeTakenOver && attempt.servedAtMs === sent.servedAtMs;
    if (attempt.epoch !== sent.epoch || (!isOwner && !isFree)) return null;
    const isSent = attempt.status === 'submitting' || attempt.status === 'unknown';
    const accepted = { txHash: sent.txHash, submittedAtMs: attempt.submittedAtMs ?? tx.nowMs, lastSentAtMs: tx.nowMs };
    const moved = isSent ? movedAttempt(attempt, { type: 'send_accepted' }, { ...accepted, checkAtMs: null }) : attempt;
    const next = {
      ...moved,
      epoch: attempt.epoch + 1,
      leaseOwner: deps.bootId,
      leaseUntilMs: tx.nowMs + runLeaseMs(purchase),
      rerunCount: attempt.rerunCount + (isRerun ? 1 : 0),
    };
    await saveMove(tx, found, next, refreshContext(deps, purchase.book, tx.nowMs, attempt.attemptId));
    return next;
  });
}

const ownRefusal = { reason: 'upstream_failed', requestFault: undefined } as const;

function runLeaseMs({ endpoint }: Sale): number {
  return claimLeaseMs(endpoint.timeoutMs) + streamSeconds * 1000;
}

const noLease = { leaseOwner: null, leaseUntilMs: null } as const;

/** Keeps what was answered, and `served_at` when the last byte left; the lease of the run ends. */
async function recordRun(
  deps: PurchaseDeps,
  purchase: Sale,
  ran: AttemptRecord,
  answer: UpstreamAnswer | null,
  isServed: boolean,
): Promise<void> {
  deps.failpoint('answer_sent');
  const { merchantId } = purchase.book;
  const stored = answer && sealAnswer(deps.sealer, merchantId, ran, answer, deps.clock.nowMs());
  await deps.store.changeIntent(ran, async (tx) => {
    const found = await lockAttempt(tx, ran);
    if (!found) return;
    const { attempt } = found;
    const isOurs = attempt.epoch === ran.epoch;
    const servedAtMs = attempt.servedAtMs ?? (isServed ? tx.nowMs : null);
    const next = { ...attempt, ...(isOurs ? noLease : {}), servedAtMs };
    await saveMove(tx, found, next, refreshContext(deps, purchase.book, tx.nowMs, attempt.attemptId));
    // Whoever took the run over keeps its own answer; an attempt that was proved failed keeps none.
    if (stored && isOurs && attempt.status !== 'failed') await tx.saveAnswers([stored]);
    if (isServed) await closeNotServed(tx, found.intent, attempt, 'served');
    deps.failpoint('served_open');
  });
  deps.failpoint('served_committed');
}

/** Gives the lease of a run back that did not begin. */
async function endRun(deps: PurchaseDeps, purchase: Sale, ran: AttemptRecord): Promise<void> {
  await deps.store.changeIntent(ran, async (tx) => {
    const found = await lockAttempt(tx, ran);
    if (!found || found.attempt.epoch !== ran.epoch) return;
    const context = refreshContext(deps, purchase.book, tx.nowMs, ran.attemptId);
    await saveMove(tx, found, { ...found.attempt, ...noLease }, context);
  });
}

/** Paid, and the upstream did not do its work: on record now, and free for the retry. */
async function recordNotServed(deps: PurchaseDeps, purchase: Sale, ran: AttemptRecord): Promise<void> {
  await deps.store.changeIntent(ran, async (tx) => {
    const found = await lockAttempt(tx, ran);
    if (!found || found.attempt.epoch !== ran.epoch) return;
    const { attempt } = found;
    const context = refreshContext(deps, purchase.book, tx.nowMs, attempt.attemptId);
    const { intent } = await saveMove(tx, found, { ...attempt, ...noLease }, context);
    if (attempt.servedAtMs !== null || attempt.status === 'failed') return;
    // On record already, perhaps from before anybody had asked for it.
    if (found.intent.openDiscrepancies.includes('paid_not_served')) return;
    const { bookId, attemptId, intentId, amountAtomic } = attempt;
    const about = { bookId, subjectId: attemptId, intentId, transferId: null, amountAtomic };
    const opened = await tx.openDiscrepancies([{ ...about, kind: 'paid_not_served' }]);
    if (opened.length === 0) return;
    const told = tellDiscrepancy(intent, 'paid_not_served', context);
    await tx.saveIntents([told.intent]);
    await tx.addEvents(told.events);
  });
}
