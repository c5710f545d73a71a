import { assert, confirmedHeight, type Network } from '@tollbook/domain';
import { adoptTransfers } from './adopt-transfers.js';
import { networkOf } from './catalog.js';
import { ChainUnavailable } from './chain-unavailable.js';
import { confirmTransfers } from './confirm-transfers.js';
import { finalizeTransfers } from './finalize-transfers.js';
import { linkByHand } from './link-by-hand.js';
import type { ChainReader } from './ports/chain-reader.js';
import type { BlockPoint, ChainTx, CursorRecord, Lease } from './ports/chain-store.js';
import type { TransferRecord } from './ports/records.js';
import { settleRefunds } from './settle-refunds.js';
import { chainLeaseMs, chainLeaseName, type WorkerDeps } from './worker-deps.js';

/** Transfers that one dbTx reconciles, whole blocks only. */
const batchMax = 500;
const batchesMax = 200;

export type ReconcileOutcome =
  | { readonly kind: 'reconciled'; readonly confirmed: number; readonly final: number }
  | { readonly kind: 'not_leader' }
  | { readonly kind: 'nothing_scanned' }
  | { readonly kind: 'frozen'; readonly reason: string };

/**
 * Moves a network's confirmed and final heights up to what its scanned head and its node allow, and books every
 * transfer on the way: first at its confirmed depth as pending, again at finality as income.
 */
export async function reconcileNetwork(deps: WorkerDeps, network: string): Promise<ReconcileOutcome> {
  const reader = deps.readerOf(network);
  if (!reader) throw new ChainUnavailable(network, 'no node is configured for this network');
  const lease = await deps.store.takeLease(chainLeaseName(network), deps.holder, chainLeaseMs);
  if (!lease) return { kind: 'not_leader' };
  const done = { confirmed: 0, final: 0 };
  const before = await deps.store.cursor(network);
  if (before && !before.frozenReason) {
    done.confirmed += await adoptTransfers(deps, lease, before);
    done.confirmed += await linkByHand(deps, lease, before);
    done.confirmed += await settleRefunds(deps, lease, before);
  }
  for (let batch = 0; batch < batchesMax; batch += 1) {
    const cursor = await deps.store.cursor(network);
    if (!cursor) return { kind: 'nothing_scanned' };
    if (cursor.frozenReason) return { kind: 'frozen', reason: cursor.frozenReason };
    const step =
      (await confirmStep(deps, lease, reader, cursor)) ?? (await finalStep(deps, lease, reader, cursor)) ?? null;
    if (!step) break;
    done.confirmed += step.confirmed;
    done.final += step.final;
  }
  return { kind: 'reconciled', ...done };
}

type Step = { readonly confirmed: number; readonly final: number };

async function confirmStep(
  deps: WorkerDeps,
  lease: Lease,
  reader: ChainReader,
  cursor: CursorRecord,
): Promise<Step | null> {
  const target = confirmedHeight(cursor.head.number, depthOf(networkOf(deps.catalog, cursor.network)));
  if (target <= cursor.confirmed.number) return null;
  const count = await stepTo(deps, lease, reader, cursor, target, 'confirmed');
  deps.failpoint('reconcile_committed');
  return { confirmed: count, final: 0 };
}

async function finalStep(
  deps: WorkerDeps,
  lease: Lease,
  reader: ChainReader,
  cursor: CursorRecord,
): Promise<Step | null> {
  const node = await reader.head();
  const { confirmed } = cursor;
  const target = node.final.number < confirmed.number ? node.final.number : confirmed.number;
  if (target <= cursor.final.number) return null;
  // The node may stand on another fork than was read, and be final there: the scan finds out, nothing is final yet.
  if (!(await isOurs(deps, reader, cursor, node.final, target))) return null;
  const count = await stepTo(deps, lease, reader, cursor, target, 'final');
  deps.failpoint('final_committed');
  return { confirmed: 0, final: count };
}

/** Whether the node's final chain holds our blocks up to `target`: by its final block where we have read that far. */
async function isOurs(
  deps: WorkerDeps,
  reader: ChainReader,
  cursor: CursorRecord,
  final: BlockPoint,
  target: bigint,
): Promise<boolean> {
  const { network, head } = cursor;
  if (final.number <= head.number) return (await pointAt(deps, reader, network, final.number)).hash === final.hash;
  const [header] = await reader.headers([target]);
  return header?.hash === (await pointAt(deps, reader, network, target)).hash;
}

/** Moves one height of the cursor towards `target` by as many whole blocks as a batch holds, and books them. */
async function stepTo(
  deps: WorkerDeps,
  lease: Lease,
  reader: ChainReader,
  cursor: CursorRecord,
  target: bigint,
  height: 'confirmed' | 'final',
): Promise<number> {
  const { network } = cursor;
  // Read before the dbTx opens: a dbTx must not wait for a node.
  const targetPoint = await pointAt(deps, reader, network, target);
  await deps.store.takeLease(lease.name, deps.holder, chainLeaseMs);
  return deps.store.underLease(lease, async (tx) => {
    const { rows, upTo } = await readBlocks(tx, network, cursor[height].number + 1n, target);
    const [cut] = rows.filter((row) => row.blockNumber === upTo);
    const reached = upTo === target ? targetPoint : { number: upTo, hash: cut?.blockHash ?? '' };
    assert(reached.hash !== '', 'a batch is cut at a block that has a transfer');
    await (height === 'confirmed' ? confirmTransfers(tx, deps, rows) : finalizeTransfers(tx, deps, rows));
    await tx.saveCursor({ ...cursor, [height]: reached });
    return rows.length;
  });
}

function depthOf(network: Network): number {
  assert(network.confirmDepth !== null, 'an EVM network has a depth');
  return network.confirmDepth;
}

/**
 * The transfers of as many whole blocks as a batch holds, and the block up to which they were read: `toNumber`, or the
 * last one with a transfer that fits.
 */
async function readBlocks(
  tx: ChainTx,
  network: string,
  fromNumber: bigint,
  toNumber: bigint,
): Promise<{ readonly rows: readonly TransferRecord[]; readonly upTo: bigint }> {
  const rows = await tx.transfersBetween(network, fromNumber, toNumber, null, batchMax + 1);
  if (rows.length <= batchMax) return { rows, upTo: toNumber };
  const lastBlock = rows[rows.length - 1]?.blockNumber ?? toNumber;
  const whole = rows.filter((row) => row.blockNumber < lastBlock);
  const upTo = whole[whole.length - 1]?.blockNumber;
  if (upTo !== undefined) return { rows: whole, upTo };
  // One block with more than a batch: it is taken whole, since a height is either reconciled or not.
  const block = await tx.transfersBetween(network, lastBlock, lastBlock, null, Number.MAX_SAFE_INTEGER);
  return { rows: block, upTo: lastBlock };
}

/**
 * A height of our own chain as a point: its hash as we stored it while scanning, and only beyond the header window as
 * the node tells it now.
 */
async function pointAt(deps: WorkerDeps, reader: ChainReader, network: string, number: bigint): Promise<BlockPoint> {
  const stored = (await deps.store.headersFrom(network, number)).find((header) => header.number === number);
  if (stored) return { number, hash: stored.hash };
  const [header] = await reader.headers([number]);
  if (!header) throw new ChainUnavailable(network, 'the node has no block at a height that was scanned');
  return { number, hash: header.hash };
}
