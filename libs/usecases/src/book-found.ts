import type { Transfer } from '@tollbook/domain';
import { confirmTransfers } from './confirm-transfers.js';
import { finalizeTransfers } from './finalize-transfers.js';
import type { ChainTx, CursorRecord, WatchedWallet } from './ports/chain-store.js';
import type { TransferRecord } from './ports/records.js';
import type { WorkerDeps } from './worker-deps.js';

/**
 * Writes transfers of blocks that were read before, and books at once what lies below the heights that are reconciled:
 * nobody comes back to those. Returns what is new. The caller holds the network's lease.
 */
export async function bookFound(
  tx: ChainTx,
  deps: WorkerDeps,
  cursor: CursorRecord,
  transfers: readonly Transfer[],
  wallets: readonly WatchedWallet[],
): Promise<readonly TransferRecord[]> {
  const fresh = await tx.insertTransfers(transfers, wallets);
  const upTo = (height: bigint) => fresh.filter(({ blockNumber }) => blockNumber <= height);
  await confirmTransfers(tx, deps, upTo(cursor.confirmed.number));
  await finalizeTransfers(tx, deps, upTo(cursor.final.number));
  return fresh;
}
