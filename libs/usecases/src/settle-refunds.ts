import { matchRefund, postReversal } from '@tollbook/domain';
import { confirmTransfers } from './confirm-transfers.js';
import { finalizeTransfers } from './finalize-transfers.js';
import type { ChainTx, CursorRecord, Lease } from './ports/chain-store.js';
import type { TransferRecord } from './ports/records.js';
import type { WorkerDeps } from './worker-deps.js';

const settleMax = 100;

/**
 * Gives outgoing transfers that were booked otherwise to the refunds they carry out: somebody named the transaction
 * afterwards, or announced the refund while the transfer was being booked. The allocation is reversed and the transfer
 * booked anew, in one dbTx and by the same rules; what a rule cannot tell stays as it is. The caller holds the network's
 * lease and runs no scan meanwhile.
 */
export async function settleRefunds(deps: WorkerDeps, lease: Lease, cursor: CursorRecord): Promise<number> {
  const swept = await deps.sweep.sweptRefunds(settleMax);
  let settled = 0;
  for (const transfer of swept.filter(({ network }) => network === cursor.network)) {
    if (await deps.store.underLease(lease, (tx) => settle(tx, deps, transfer, cursor))) settled += 1;
  }
  return settled;
}

async function settle(tx: ChainTx, deps: WorkerDeps, transfer: TransferRecord, cursor: CursorRecord): Promise<boolean> {
  const { bookId, transferId } = transfer;
  const waiting = (await tx.waitingRefunds([transfer])).map(({ refund }) => refund);
  await tx.lockIntents(waiting);
  const [allocation] = await tx.allocationsOf([transfer]);
  const candidates = (await tx.waitingRefunds([transfer])).map(({ refund }) => refund);
  if (allocation?.bucket !== 'sweep' || matchRefund(transfer, candidates).kind !== 'matched') return false;
  const entries = await tx.entriesOf([allocation]);
  await tx.reverseAllocations([allocation]);
  await tx.closeDiscrepancies([{ bookId, kind: 'unmatched_outflow', subjectId: transferId }], 'refunded');
  await confirmTransfers(tx, deps, [transfer]);
  await tx.appendEntries(entries.map(({ entry }) => ({ bookId, entry: postReversal(entry) })));
  if (transfer.blockNumber <= cursor.final.number) await finalizeTransfers(tx, deps, [transfer]);
  return true;
}
