import { localDay, postFinal } from '@tollbook/domain';
import { finalizeRefunds } from './book-refunds.js';
import { movedAttempt } from './change-attempt.js';
import { PaymentBatch } from './payment-batch.js';
import type { ChainTx } from './ports/chain-store.js';
import type { TransferRecord } from './ports/records.js';
import { postableAllocation } from './postable-allocation.js';
import type { WorkerDeps } from './worker-deps.js';

/** Turns pending into income for transfers whose block is final, and moves their attempts and intents with it (T9). */
export async function finalizeTransfers(
  tx: ChainTx,
  deps: WorkerDeps,
  transfers: readonly TransferRecord[],
): Promise<void> {
  if (transfers.length === 0) return;
  const byId = new Map(transfers.map((transfer) => [transfer.transferId, transfer]));
  const allocations = await tx.allocationsOf(transfers);
  const keys = allocations.flatMap(({ bookId, intentId }) => (intentId === null ? [] : [{ bookId, intentId }]));
  const batch = await PaymentBatch.open(
    tx,
    deps,
    keys,
    transfers.map((transfer) => transfer.bookId),
  );
  for (const allocation of allocations) {
    const transfer = byId.get(allocation.transferId);
    const intent = allocation.intentId === null ? undefined : batch.intent(allocation.bookId, allocation.intentId);
    if (!transfer || !intent) continue;
    const day = localDay(transfer.blockTimeUnixSeconds, batch.book(transfer.bookId).timeZone);
    const entry = postFinal(postableAllocation(deps, transfer, allocation, intent.endpointId, day));
    if (entry) batch.entries.push({ bookId: allocation.bookId, entry });
    const marked = intent.allocations.map((each) =>
      each.allocationId === allocation.allocationId ? { ...each, isFinal: true } : each,
    );
    const attempts = intent.attempts.map((attempt) =>
      attempt.status === 'confirmed' && attempt.txHash === transfer.txHash
        ? movedAttempt(attempt, { type: 'transfer_final' })
        : attempt,
    );
    const evidence = { blockNumber: transfer.blockNumber.toString(), blockHash: transfer.blockHash };
    const context = batch.context(transfer.bookId, transfer.transferId, evidence);
    batch.refresh({ ...intent, attempts, allocations: marked }, context);
  }
  const hasRefunds = allocations.some(({ bucket }) => bucket === 'refund');
  if (hasRefunds) await finalizeRefunds(tx, batch, transfers);
  await batch.saveAttempts();
  await batch.saveIntents();
  await batch.saveEvents();
  await batch.saveEntries();
  deps.failpoint('final_posted');
}
