import type { BlockPoint, CursorRecord, Lease } from './ports/chain-store.js';
import { undoTransfers } from './undo-transfers.js';
import type { WorkerDeps } from './worker-deps.js';

/**
 * Undoes everything above a block in one dbTx: transfers are marked orphaned, allocations and entries reversed, paid
 * attempts step back to `submitted` (T10), merchants are told once, and the cursor stands at the ancestor. Facts are
 * never deleted: when the chain returns, the same rows return.
 */
export async function rewindChain(
  deps: WorkerDeps,
  lease: Lease,
  cursor: CursorRecord,
  ancestor: BlockPoint,
): Promise<void> {
  await deps.store.underLease(lease, async (tx) => {
    const orphaned = await tx.orphanTransfersAbove(cursor.network, ancestor.number);
    await undoTransfers(tx, deps, orphaned, { orphanedAbove: ancestor.number.toString() });
    await tx.deleteHeadersAbove(cursor.network, ancestor.number);
    const confirmed = cursor.confirmed.number > ancestor.number ? ancestor : cursor.confirmed;
    await tx.saveCursor({ ...cursor, head: ancestor, confirmed });
  });
}
