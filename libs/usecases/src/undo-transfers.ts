import { type DiscrepancyKind, isPaymentBucket, postReversal } from '@tollbook/domain';
import { undoRefunds } from './book-refunds.js';
import { movedAttempt } from './change-attempt.js';
import { PaymentBatch } from './payment-batch.js';
import type { ChainTx } from './ports/chain-store.js';
import type { DiscrepancyDraft, TransferRecord } from './ports/records.js';
import type { WorkerDeps } from './worker-deps.js';

/** Discrepancies about one transfer: without it they are nothing. */
const ofTransfers: readonly DiscrepancyKind[] = [
  'unmatched',
  'unmatched_outflow',
  'late',
  'short',
  'over',
  'duplicate',
];

/**
 * Takes back what transfers did that the chain does not have: they are marked orphaned already; their allocations and
 * entries are reversed, paid attempts step back to `submitted` (T10), merchants are told once. `why` is the evidence. None
 * of them may have made a payment final.
 */
export async function undoTransfers(
  tx: ChainTx,
  deps: WorkerDeps,
  orphaned: readonly TransferRecord[],
  why: Readonly<Record<string, unknown>>,
): Promise<void> {
  const allocations = await tx.allocationsOf(orphaned);
  const keys = allocations.flatMap(({ bookId, intentId }) => (intentId === null ? [] : [{ bookId, intentId }]));
  const batch = await PaymentBatch.open(
    tx,
    deps,
    keys,
    orphaned.map((transfer) => transfer.bookId),
  );
  const entries = await tx.entriesOf(allocations);
  const reversed = new Set(allocations.map((allocation) => allocation.allocationId));
  const txHashOf = new Map(orphaned.map((transfer) => [transfer.transferId, transfer.txHash]));
  const discrepancies: DiscrepancyDraft[] = [];
  for (const intent of batch.all()) {
    // A duplicate or late transfer may be orphaned alone; the payment it came on top of stands.
    const paying = intent.allocations.find((each) => reversed.has(each.allocationId) && isPaymentBucket(each.bucket));
    const hashes = new Set(
      intent.allocations.flatMap((each) => (reversed.has(each.allocationId) ? [txHashOf.get(each.transferId)] : [])),
    );
    const paid = intent.attempts.find(({ status, txHash }) => status === 'confirmed' && hashes.has(txHash ?? ''));
    // Paid by a transfer that its amount named, it has no attempt to step back.
    const isUndone = paying !== undefined && (paid !== undefined || intent.status === 'confirmed');
    const evidence = { ...why, txHash: txHashOf.get(paying?.transferId ?? '') };
    const context = batch.context(intent.bookId, paying?.transferId ?? null, evidence);
    const attempts = intent.attempts.map((attempt) =>
      attempt === paid
        ? movedAttempt(attempt, { type: 'transfer_orphaned' }, { checkAtMs: tx.nowMs, submittedAtMs: tx.nowMs })
        : attempt,
    );
    const left = intent.allocations.filter((each) => !reversed.has(each.allocationId));
    const openDiscrepancies = isUndone ? [...intent.openDiscrepancies, 'reorged' as const] : intent.openDiscrepancies;
    batch.refresh({ ...intent, attempts, allocations: left, openDiscrepancies }, context);
    if (isUndone) {
      const { bookId, intentId, transferId, amountAtomic } = paying;
      const subjectId = paid?.attemptId ?? intent.intentId;
      discrepancies.push({ bookId, kind: 'reorged', subjectId, intentId, transferId, amountAtomic });
    }
  }
  const hasRefunds = allocations.some(({ bucket }) => bucket === 'refund');
  if (hasRefunds) await undoRefunds(tx, batch, orphaned);
  await batch.saveAttempts();
  await tx.reverseAllocations(allocations);
  await batch.openDiscrepancies(discrepancies);
  const gone = orphaned.flatMap(({ bookId, transferId }) =>
    ofTransfers.map((kind) => ({ bookId, kind, subjectId: transferId })),
  );
  await batch.closeDiscrepancies(gone, 'orphaned');
  await batch.saveIntents();
  await batch.saveEvents();
  batch.entries.push(...entries.map(({ bookId, entry }) => ({ bookId, entry: postReversal(entry) })));
  await batch.saveEntries();
}
