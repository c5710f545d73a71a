import { postReversal } from '@tollbook/domain';
import { confirmTransfers } from './confirm-transfers.js';
import { finalizeTransfers } from './finalize-transfers.js';
import type { CursorRecord, Lease } from './ports/chain-store.js';
import type { WorkerDeps } from './worker-deps.js';

const adoptMax = 100;

/**
 * Gives transfers that were booked as unmatched to the payment they belong to: somebody else broadcast the
 * authorization while its claim was still being looked at, so its key named nothing that was sent. The unmatched
 * allocation is reversed and the transfer matched anew, in one dbTx (I02). The caller holds the network's lease and
 * runs no scan meanwhile.
 */
export async function adoptTransfers(deps: WorkerDeps, lease: Lease, cursor: CursorRecord): Promise<number> {
  const stranded = await deps.sweep.strandedTransfers(adoptMax);
  const ours = stranded.filter((transfer) => transfer.network === cursor.network);
  for (const transfer of ours) {
    await deps.store.underLease(lease, async (tx) => {
      const allocations = await tx.allocationsOf([transfer]);
      const entries = await tx.entriesOf(allocations);
      await tx.reverseAllocations(allocations);
      const { bookId, transferId } = transfer;
      await tx.closeDiscrepancies([{ bookId, kind: 'unmatched', subjectId: transferId }], 'matched');
      await confirmTransfers(tx, deps, [transfer]);
      await tx.appendEntries(entries.map(({ entry }) => ({ bookId, entry: postReversal(entry) })));
      if (transfer.blockNumber <= cursor.final.number) await finalizeTransfers(tx, deps, [transfer]);
    });
  }
  return ours.length;
}
