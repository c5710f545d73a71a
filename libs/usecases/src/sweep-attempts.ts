import { dueAtomic, isInDoubt, isNotFetched } from '@tollbook/domain';
import { orNullIfAway } from './chain-unavailable.js';
import { lockAttempt, movedAttempt, refreshContext, saveMove } from './change-attempt.js';
import { inOwnTx } from './in-own-tx.js';
import { PaymentBatch } from './payment-batch.js';
import type { Lease } from './ports/chain-store.js';
import type { AttemptRecord, DiscrepancyDraft, IntentKey } from './ports/records.js';
import { releaseClaim } from './release-claim.js';
import { newestOf, type OwnTx, replaceStuck } from './replace-stuck.js';
import type { WorkerDeps } from './worker-deps.js';

/** After this long without a transfer a submitted payment is in doubt (T7). */
const notSeenMs = 30_000;
/**
 * A paid request whose last byte is not recorded, or a served one whose money is not seen, becomes a record after this
 * long. With the time between two sweeps it stays below a minute.
 */
const doubtMs = 54_000;
/** Our own signed transaction is sent again while it is in no block: its gas nonce must be consumed. */
const rebroadcastMs = 10_000;
const sweepMax = 200;

export type SweepCounts = Readonly<
  Record<'interrupted' | 'unknown' | 'resent' | 'replaced' | 'notServed' | 'notPaid', number>
>;

/**
 * Ends what no buyer came back for: lapsed claims are released, lapsed and unseen submissions become `unknown`, our own
 * transactions are sent again, and what was paid but not served, or served but not paid, is put on record.
 */
export async function sweepAttempts(deps: WorkerDeps, lease: Lease): Promise<SweepCounts> {
  const interrupted = await releaseLapsed(deps, lease);
  const lapsed = await doubt(deps, lease, await deps.sweep.lapsedSubmissions(sweepMax), 'lease_lapsed');
  const unseen = await doubt(deps, lease, await deps.sweep.unseenSubmissions(notSeenMs, sweepMax), 'not_seen');
  const { resent, replaced } = await rebroadcast(deps, lease);
  const notServed = await record(deps, lease, await deps.sweep.paidNotServed(doubtMs, sweepMax), 'paid_not_served');
  const notFetched = await recordNotFetched(deps, lease, await deps.sweep.notFetched(doubtMs, sweepMax));
  const notPaid = await record(deps, lease, await deps.sweep.servedNotPaid(doubtMs, sweepMax), 'served_not_paid');
  return { interrupted, unknown: lapsed + unseen, resent, replaced, notServed: notServed + notFetched, notPaid };
}

/** T3 for claims whose process died or stalled before anything was sent. */
async function releaseLapsed(deps: WorkerDeps, lease: Lease): Promise<number> {
  let released = 0;
  for (const claim of await deps.sweep.lapsedClaims(sweepMax)) {
    const isReleased = await inOwnTx(deps, lease, async (tx) => {
      const [book] = await tx.books([claim.bookId]);
      const found = await lockAttempt(tx, claim);
      if (!book || !found?.attempt.canBeTakenOver) return false;
      return releaseClaim(tx, deps, book, claim, 'interrupted', null);
    });
    if (isReleased) released += 1;
  }
  return released;
}

/** T6 for a lapsed lease, T7 for a transaction that no block shows. The resolver looks at once. */
async function doubt(
  deps: WorkerDeps,
  lease: Lease,
  attempts: readonly AttemptRecord[],
  hint: 'lease_lapsed' | 'not_seen',
): Promise<number> {
  let moved = 0;
  for (const listed of attempts) {
    const isMoved = await inOwnTx(deps, lease, async (tx) => {
      const found = await lockAttempt(tx, listed);
      const [book] = await tx.books([listed.bookId]);
      if (!book || found?.attempt.status !== listed.status || found.attempt.epoch !== listed.epoch) return false;
      const { attempt } = found;
      if (hint === 'lease_lapsed' && !attempt.canBeTakenOver) return false;
      const event = hint === 'lease_lapsed' ? ({ type: 'send_uncertain' } as const) : ({ type: 'not_seen' } as const);
      const ended = { leaseOwner: null, leaseUntilMs: null, checkAtMs: tx.nowMs, rawReason: hint };
      const next = movedAttempt(attempt, event, ended);
      await saveMove(tx, found, next, refreshContext(deps, book, tx.nowMs, attempt.attemptId, { hint }));
      return true;
    });
    if (isMoved) moved += 1;
  }
  return moved;
}

type Resent = { readonly resent: number; readonly replaced: number };

/** Sends our own signed transactions again, in gas nonce order; what the node then has is submitted (T5). */
async function rebroadcast(deps: WorkerDeps, lease: Lease): Promise<Resent> {
  const attempts = await deps.sweep.rebroadcastable(rebroadcastMs, sweepMax);
  const inOrder = [...attempts].sort((a, b) => ((a.gasNonce ?? 0n) < (b.gasNonce ?? 0n) ? -1 : 1));
  const newest = newestOf(inOrder, await deps.sweep.replacements(inOrder));
  for (const { attempt, signedTx } of newest) {
    const settlement = deps.settlementOf(attempt.network);
    if (!settlement) continue;
    const sent = await settlement.send(signedTx);
    // A doubt that came from not being seen ends by being seen, not by the node's word.
    if (sent.kind === 'accepted' && attempt.status === 'unknown' && attempt.rawReason !== 'not_seen') {
      await acceptResent(deps, lease, attempt);
    }
  }
  if (attempts.length > 0) await deps.sweep.markResent(attempts);
  return { resent: attempts.length, replaced: await keepLinesMoving(deps, newest) };
}

/**
 * A gas nonce that was drawn and never used holds back every later one. Where that is so, what was proved failed is
 * sent again too: its authorization cannot pay any more, so it only uses its nonce up. What offers too little is
 * replaced, wherever it stands in the line.
 */
async function keepLinesMoving(deps: WorkerDeps, waiting: readonly OwnTx[]): Promise<number> {
  const lines = new Map<number, OwnTx[]>();
  for (const own of waiting) {
    const { gasSignerId } = own.attempt;
    if (gasSignerId !== null) lines.set(gasSignerId, [...(lines.get(gasSignerId) ?? []), own]);
  }
  let replaced = 0;
  for (const [gasSignerId, line] of lines) {
    const [first] = line;
    const settlement = first && deps.settlementOf(first.attempt.network);
    if (!settlement || first.attempt.gasNonce === null) continue;
    const address = await deps.sweep.gasSignerAddress(gasSignerId);
    const next = await orNullIfAway(settlement.minedNonces(address));
    if (next === null) continue;
    const fillers = await gapFillers(deps, gasSignerId, next, first.attempt.gasNonce);
    for (const { signedTx } of fillers) await settlement.send(signedTx);
    const signer = { address, network: first.attempt.network, minedNonces: next };
    replaced += await replaceStuck(deps, settlement, signer, [...fillers, ...line]);
  }
  return replaced;
}

/** Failed attempts whose gas nonces stand between the newest block and the first that waits. */
async function gapFillers(deps: WorkerDeps, gasSignerId: number, from: bigint, to: bigint): Promise<readonly OwnTx[]> {
  if (from >= to) return [];
  const failed = await deps.sweep.failedWithNonces(gasSignerId, from, to, sweepMax);
  return newestOf(failed, await deps.sweep.replacements(failed));
}

async function acceptResent(deps: WorkerDeps, lease: Lease, listed: AttemptRecord): Promise<void> {
  await inOwnTx(deps, lease, async (tx) => {
    const found = await lockAttempt(tx, listed);
    const [book] = await tx.books([listed.bookId]);
    if (!book || found?.attempt.status !== 'unknown') return;
    const sent = { submittedAtMs: tx.nowMs, lastSentAtMs: tx.nowMs, checkAtMs: null };
    const next = movedAttempt(found.attempt, { type: 'send_accepted' }, sent);
    await saveMove(tx, found, next, refreshContext(deps, book, tx.nowMs, listed.attemptId));
  });
}

async function record(
  deps: WorkerDeps,
  lease: Lease,
  attempts: readonly AttemptRecord[],
  kind: 'paid_not_served' | 'served_not_paid',
): Promise<number> {
  if (attempts.length === 0) return 0;
  return deps.store.underLease(lease, async (tx) => {
    const batch = await PaymentBatch.open(tx, deps, attempts, []);
    // Between the list and this lock the last byte may have left, or the transfer may have come.
    const due = attempts.filter((listed) => {
      const intent = batch.intent(listed.bookId, listed.intentId);
      const attempt = intent?.attempts.find((each) => each.attemptId === listed.attemptId);
      return attempt !== undefined && isInDoubt(attempt, kind);
    });
    const drafts = due.map(({ bookId, attemptId, intentId, amountAtomic }): DiscrepancyDraft => {
      return { bookId, kind, subjectId: attemptId, intentId, transferId: null, amountAtomic };
    });
    return openAll(batch, drafts);
  });
}

/** What a transfer paid and nobody came for: the record is about the intent, which has no attempt yet. */
async function recordNotFetched(deps: WorkerDeps, lease: Lease, keys: readonly IntentKey[]): Promise<number> {
  if (keys.length === 0) return 0;
  return deps.store.underLease(lease, async (tx) => {
    const batch = await PaymentBatch.open(tx, deps, keys, []);
    // Between the list and this lock somebody may have come.
    const drafts = batch
      .all()
      .filter(isNotFetched)
      .map((intent): DiscrepancyDraft => {
        const { bookId, intentId } = intent;
        const amountAtomic = dueAtomic(intent);
        return { bookId, kind: 'paid_not_served', subjectId: intentId, intentId, transferId: null, amountAtomic };
      });
    return openAll(batch, drafts);
  });
}

async function openAll(batch: PaymentBatch, drafts: readonly DiscrepancyDraft[]): Promise<number> {
  const opened = await batch.openDiscrepancies(drafts);
  await batch.saveIntents();
  await batch.saveEvents();
  return opened.length;
}
