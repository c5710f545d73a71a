import { equalBytes, type FailureReason, lastTransferUnixSeconds, localDay, postLoss } from '@tollbook/domain';
import { assetOf } from './catalog.js';
import { orNullIfAway } from './chain-unavailable.js';
import { lockAttempt, movedAttempt, refreshContext, saveMove } from './change-attempt.js';
import { closeNotServed } from './close-not-served.js';
import { countFailure } from './count-failure.js';
import { inOwnTx } from './in-own-tx.js';
import type { ChainReader } from './ports/chain-reader.js';
import type { BlockPoint, CursorRecord, Lease } from './ports/chain-store.js';
import type { AttemptRecord } from './ports/records.js';
import type { WorkerDeps } from './worker-deps.js';

const resolveMax = 200;
const strandedMax = 1_000;
/** Gaps between looks at one attempt, then every half minute (payment core, section 7). */
const checkGapsMs = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
const lastCheckGapMs = 30_000;

export type ResolveCounts = {
  readonly looked: number;
  readonly failed: number;
  /** Networks on whose clock an authorization has not ended yet, though it has on ours. */
  readonly waitingFor: readonly string[];
};

type Proof = { readonly reason: FailureReason; readonly evidence: Readonly<Record<string, unknown>> };

/**
 * Looks for proof that an unknown payment can no longer happen (T11). That it *did* happen is found by the indexer.
 * A negative proof needs two sources: the token's state at a final block, and our own gap-free reading of the chain up
 * to that block. No answer, a node that lags, or time gone by prove nothing.
 */
export async function resolveUnknown(deps: WorkerDeps, lease: Lease): Promise<ResolveCounts> {
  const due = await deps.sweep.dueChecks(resolveMax);
  const waitingFor = new Set<string>();
  let failed = 0;
  for (const attempt of due) {
    const endsAt = await endOf(deps, lease, attempt);
    const proof = await lookForProof(deps, attempt, endsAt);
    if (proof && (await fail(deps, lease, attempt, proof))) failed += 1;
    else if (await postpone(deps, attempt, endsAt)) waitingFor.add(attempt.network);
  }
  return { looked: due.length, failed, waitingFor: [...waitingFor] };
}

/** From which chain time on an attempt cannot pay: its authorization's end, or that of the offer a transfer is for. */
async function endOf(deps: WorkerDeps, lease: Lease, attempt: AttemptRecord): Promise<number | null> {
  if (attempt.kind === 'authorization') return attempt.validBeforeUnixSeconds;
  const found = await inOwnTx(deps, lease, (tx) => lockAttempt(tx, attempt));
  return found && lastTransferUnixSeconds(Math.floor(found.intent.expiresAtMs / 1000)) + 1;
}

/** Sets the time of the next look; true where the attempt has ended by our clock. */
async function postpone(deps: WorkerDeps, attempt: AttemptRecord, endsAt: number | null): Promise<boolean> {
  const nowMs = await deps.sweep.nowMs();
  const openMs = nowMs - (attempt.sentAtMs ?? nowMs);
  let elapsedMs = 0;
  const gapMs = checkGapsMs.find((gap) => {
    elapsedMs += gap;
    return openMs < elapsedMs;
  });
  await deps.sweep.postponeCheck(attempt, nowMs + (gapMs ?? lastCheckGapMs));
  return endsAt !== null && endsAt * 1000 < nowMs;
}

async function lookForProof(deps: WorkerDeps, attempt: AttemptRecord, endsAt: number | null): Promise<Proof | null> {
  const reader = deps.readerOf(attempt.network);
  const cursor = await deps.store.cursor(attempt.network);
  if (!reader || !cursor || cursor.frozenReason) return null;
  if (attempt.kind === 'transfer') return orNullIfAway(orphanedProof(deps, reader, cursor, attempt, endsAt));
  if (attempt.nonce === null) return null;
  return orNullIfAway(negativeProof(deps, reader, cursor, attempt, attempt.nonce));
}

async function negativeProof(
  deps: WorkerDeps,
  reader: ChainReader,
  cursor: CursorRecord,
  attempt: AttemptRecord,
  nonce: string,
): Promise<Proof | null> {
  const { contract } = assetOf(deps.catalog, attempt.assetId);
  const authorization = { payer: attempt.payer, nonce };
  // Everything up to this block was scanned without a gap and reconciled as final; had it held our transfer, the
  // attempt would be final itself.
  const [block] = await reader.headers([cursor.final.number]);
  if (block?.hash !== cursor.final.hash) return null;
  const [state] = await reader.nonceStates(contract, [authorization], block.hash);
  if (!state) return null;
  const sources = ['authorizationState at a final block', 'gap-free log coverage up to it'];
  const seen = { ...pointOf(cursor.final), blockTime: block.timeUnixSeconds, isNonceUsed: state.isUsed, sources };
  if (state.isUsed) {
    return (await isStranded(deps, attempt)) ? null : spentProof(reader, contract, authorization, cursor.final, seen);
  }
  if (attempt.validBeforeUnixSeconds !== null && block.timeUnixSeconds >= attempt.validBeforeUnixSeconds) {
    return { reason: 'authorization_expired', evidence: seen };
  }
  const revertedTx = await revertedOf(deps, reader, attempt, cursor.final.number);
  return revertedTx ? { reason: 'reverted', evidence: { ...seen, txHash: revertedTx } } : null;
}

/**
 * A shown transaction whose block is gone, and that no block had while the offer lasted. Everything up to a final block
 * beyond that time was scanned without a gap, and the node has no receipt of it; should it come back, it comes late.
 */
async function orphanedProof(
  deps: WorkerDeps,
  reader: ChainReader,
  cursor: CursorRecord,
  attempt: AttemptRecord,
  endsAt: number | null,
): Promise<Proof | null> {
  const [block] = await reader.headers([cursor.final.number]);
  if (block?.hash !== cursor.final.hash || endsAt === null || block.timeUnixSeconds < endsAt) return null;
  const receipt = attempt.txHash && (await reader.receipt(attempt.txHash));
  // It is back in a block that is still to be read as final.
  if (receipt && receipt.blockNumber > cursor.final.number) return null;
  if (await isStranded(deps, attempt)) return null;
  const sources = ['the node’s receipt, or none', 'gap-free log coverage up to a final block after the offer'];
  const seen = { ...pointOf(cursor.final), blockTime: block.timeUnixSeconds, txHash: attempt.txHash, sources };
  return { reason: receipt && !receipt.isSuccess ? 'reverted' : 'transfer_orphaned', evidence: seen };
}

/** The transaction of ours that failed in a final block: at one gas nonce there is one at most. */
async function revertedOf(
  deps: WorkerDeps,
  reader: ChainReader,
  attempt: AttemptRecord,
  finalNumber: bigint,
): Promise<string | null> {
  if (!attempt.txHash || !attempt.signedTx) return null;
  const replacements = await deps.sweep.replacements([attempt]);
  for (const txHash of [attempt.txHash, ...replacements.map((each) => each.txHash)]) {
    const receipt = await reader.receipt(txHash);
    if (receipt && !receipt.isSuccess && receipt.blockNumber <= finalNumber) return txHash;
  }
  return null;
}

/** Whether the transfer that burnt the nonce is ours: booked before the attempt was sent, and still to be matched anew. */
async function isStranded(deps: WorkerDeps, attempt: AttemptRecord): Promise<boolean> {
  const stranded = await deps.sweep.strandedTransfers(strandedMax);
  if (stranded.length === strandedMax) return true;
  return stranded.some(
    ({ bookId, replayKeyHash }) =>
      bookId === attempt.bookId && replayKeyHash !== null && equalBytes(replayKeyHash, attempt.replayKeyHash),
  );
}

/** A burnt nonce without our transfer: canceled, or spent on another authorization. */
async function spentProof(
  reader: ChainReader,
  contract: string,
  authorization: { readonly payer: string; readonly nonce: string },
  final: BlockPoint,
  seen: Readonly<Record<string, unknown>>,
): Promise<Proof | null> {
  const fate = await reader.authorizationFate(contract, authorization, 0n, final.number);
  if (!fate) return null;
  const reason = fate.kind === 'canceled' ? 'authorization_canceled' : 'nonce_spent_elsewhere';
  return { reason, evidence: { ...seen, txHash: fate.txHash, spentInBlock: fate.blockNumber.toString() } };
}

function pointOf(point: BlockPoint) {
  return { blockNumber: point.number.toString(), blockHash: point.hash };
}

/** T11: the replay key stays, the stored answer goes, and what was served for nothing is a loss. */
async function fail(deps: WorkerDeps, lease: Lease, listed: AttemptRecord, proof: Proof): Promise<boolean> {
  const isFailed = await inOwnTx(deps, lease, async (tx) => {
    const [book] = await tx.books([listed.bookId]);
    const found = await lockAttempt(tx, listed);
    if (!book || found?.attempt.status !== listed.status) return false;
    const { attempt } = found;
    const ended = { evidence: proof.evidence, checkAtMs: null };
    const next = movedAttempt(attempt, { type: 'proved_failed', reason: proof.reason }, ended);
    await saveMove(tx, found, next, refreshContext(deps, book, tx.nowMs, attempt.attemptId, proof.evidence));
    await tx.deleteAnswers([attempt]);
    await tx.addRollups([countFailure(book, found.intent, next)]);
    const { bookId, attemptId, intentId, assetId, amountAtomic } = attempt;
    // There is nothing to serve, or to wait for, once no money can come.
    await closeNotServed(tx, found.intent, attempt, 'failed');
    await tx.closeDiscrepancies([{ bookId, kind: 'reorged', subjectId: attemptId }], 'failed');
    if (attempt.servedAtMs === null) return true;
    await tx.closeDiscrepancies([{ bookId, kind: 'served_not_paid', subjectId: attemptId }], 'loss');
    const effectiveAtUnixSeconds = Math.floor(tx.nowMs / 1000);
    const day = localDay(effectiveAtUnixSeconds, book.timeZone);
    const loss = { attemptId, intentId, assetId, amountAtomic, effectiveAtUnixSeconds, localDay: day };
    await tx.appendEntries([{ bookId, entry: postLoss(loss) }]);
    return true;
  });
  return isFailed ?? false;
}
