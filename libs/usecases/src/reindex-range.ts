import { compareTransfers, type Transfer } from '@tollbook/domain';
import { bookFound } from './book-found.js';
import { ChainUnavailable } from './chain-unavailable.js';
import type { ChainReader } from './ports/chain-reader.js';
import type { CursorRecord, Lease, WatchedWallet } from './ports/chain-store.js';
import type { TransferRecord } from './ports/records.js';
import { undoTransfers } from './undo-transfers.js';
import { chainLeaseMs, type WorkerDeps } from './worker-deps.js';

/** Blocks that one dbTx compares. */
const batchBlocks = 2_000n;

/** One row of a range, and what became of it. */
export type ReindexFinding =
  /** On the chain and not recorded: booked, as the scan would have. */
  | { readonly kind: 'missing'; readonly transfer: Transfer }
  /** Recorded and not on the chain: orphaned and taken back, as a reorg does. */
  | { readonly kind: 'orphaned'; readonly transfer: TransferRecord }
  /** As `orphaned`, but it made a payment final: what is final is taken back by a person alone. */
  | { readonly kind: 'final_not_on_chain'; readonly transfer: TransferRecord }
  /** The chain has its transaction in this block and told no such log: the row, or the node, is wrong. */
  | { readonly kind: 'not_told'; readonly transfer: TransferRecord }
  /** Facts never change, so a row that has others is left: it was not written by us. */
  | { readonly kind: 'changed'; readonly transfer: TransferRecord; readonly columns: readonly string[] };

export type ReindexResult =
  | {
      readonly kind: 'reindexed';
      readonly toNumber: bigint;
      /** Transfers of watched wallets that the chain has in the range. */
      readonly transfers: number;
      readonly findings: readonly ReindexFinding[];
    }
  | {
      readonly kind: 'refused';
      readonly reason: 'nothing_scanned' | 'frozen' | 'above_head' | 'before_wallets' | 'no_wallets' | 'from_above_to';
      /** The bound that was overstepped, where there is one. */
      readonly bound: bigint | null;
    };

/** What is left to a person after a reindex, and what was put right by it. */
export function isLeft({ kind }: ReindexFinding): boolean {
  return kind === 'final_not_on_chain' || kind === 'not_told' || kind === 'changed';
}

/**
 * Reads blocks that were scanned before once more and makes the recorded transfers what the chain says: those that are
 * missing are booked where their block stands, those that the chain does not have are orphaned. Everything else stays.
 * Runs under the network's lease, which keeps the scan away meanwhile; a trial changes nothing.
 */
export async function reindexRange(
  deps: WorkerDeps,
  lease: Lease,
  reader: ChainReader,
  range: { readonly fromNumber: bigint; readonly toNumber: bigint | null; readonly isTrial: boolean },
): Promise<ReindexResult> {
  const { network } = reader;
  const cursor = await deps.store.cursor(network);
  const refuse = (reason: Extract<ReindexResult, { kind: 'refused' }>['reason'], bound: bigint | null = null) =>
    ({ kind: 'refused', reason, bound }) as const;
  if (!cursor) return refuse('nothing_scanned');
  if (cursor.frozenReason) return refuse('frozen');
  const toNumber = range.toNumber ?? cursor.head.number;
  if (toNumber > cursor.head.number) return refuse('above_head', cursor.head.number);
  if (range.fromNumber > toNumber) return refuse('from_above_to', toNumber);
  const wallets = await deps.store.watchedWallets(network);
  const [first] = wallets.map(({ watchFromBlock }) => watchFromBlock).sort((a, b) => (a < b ? -1 : 1));
  if (first === undefined) return refuse('no_wallets');
  if (toNumber < first) return refuse('before_wallets', first);
  const run: Run = { deps, lease, reader, cursor, wallets, isTrial: range.isTrial };
  await expectOurChain(run);
  const findings: ReindexFinding[] = [];
  let transfers = 0;
  // What came before a wallet was watched belongs to no book.
  let fromNumber = range.fromNumber > first ? range.fromNumber : first;
  while (fromNumber <= toNumber) {
    const end = toNumber - fromNumber >= batchBlocks ? fromNumber + batchBlocks - 1n : toNumber;
    const done = await reindexBatch(run, fromNumber, end);
    findings.push(...done.findings);
    transfers += done.transfers;
    fromNumber = end + 1n;
  }
  return { kind: 'reindexed', toNumber, transfers, findings };
}

type Run = {
  readonly deps: WorkerDeps;
  readonly lease: Lease;
  readonly reader: ChainReader;
  readonly cursor: CursorRecord;
  readonly wallets: readonly WatchedWallet[];
  readonly isTrial: boolean;
};

/** A node on another chain than the one that was read would make all of it look wrong. */
async function expectOurChain({ reader, cursor }: Run): Promise<void> {
  const points = [cursor.final, cursor.head];
  const headers = await reader.headers(points.map(({ number }) => number));
  if (points.some(({ hash }, at) => headers[at]?.hash !== hash)) {
    throw new ChainUnavailable(reader.network, 'the node is behind, or stands on another fork than was read');
  }
}

async function reindexBatch(run: Run, fromNumber: bigint, toNumber: bigint) {
  const { deps, lease, reader, cursor, wallets } = run;
  const { network } = reader;
  const { transfers, end } = await reader.transfers({
    fromNumber,
    toNumber,
    contracts: [...new Set(wallets.map((wallet) => wallet.contract))],
    wallets: [...new Set(wallets.map((wallet) => wallet.address))],
  });
  const known = await deps.store.headersFrom(network, fromNumber);
  const hashes = new Map(known.map(({ number, hash }) => [number, hash]));
  const isOurs = [{ blockNumber: end.number, blockHash: end.hash }, ...transfers].every(
    ({ blockNumber, blockHash }) => (hashes.get(blockNumber) ?? blockHash) === blockHash,
  );
  if (!isOurs) throw new ChainUnavailable(network, 'the node told blocks of another chain than was read');
  await deps.store.takeLease(lease.name, deps.holder, chainLeaseMs);
  const recorded = await deps.store.underLease(lease, (tx) =>
    tx.transfersBetween(network, fromNumber, toNumber, null, Number.MAX_SAFE_INTEGER),
  );
  const { missing, absent, changed } = compareTransfers(transfers, recorded, wallets);
  const { ghosts, notTold } = await sortAbsent(reader, absent);
  await deps.store.takeLease(lease.name, deps.holder, chainLeaseMs);
  const { orphaned, held } = await deps.store.underLease(lease, async (tx) => {
    const allocations = await tx.allocationsOf(ghosts);
    const final = new Set(
      allocations.flatMap((each) => (each.intentId !== null && each.isFinal ? [each.transferId] : [])),
    );
    const gone = ghosts.filter(({ transferId }) => !final.has(transferId));
    if (!run.isTrial) {
      await bookFound(tx, deps, cursor, missing, wallets);
      const why = { reindexed: `${fromNumber}-${toNumber}` };
      await undoTransfers(tx, deps, await tx.orphanTransfers(gone), why);
    }
    return { orphaned: gone, held: ghosts.filter(({ transferId }) => final.has(transferId)) };
  });
  const findings: ReindexFinding[] = [
    ...missing.map((transfer) => ({ kind: 'missing' as const, transfer })),
    ...orphaned.map((transfer) => ({ kind: 'orphaned' as const, transfer })),
    ...held.map((transfer) => ({ kind: 'final_not_on_chain' as const, transfer })),
    ...notTold.map((transfer) => ({ kind: 'not_told' as const, transfer })),
    ...changed.map(({ recorded: transfer, columns }) => ({ kind: 'changed' as const, transfer, columns })),
  ];
  return { transfers: transfers.length, findings };
}

/** A node may leave out logs; a receipt in the very block says that the transaction is there. */
async function sortAbsent(reader: ChainReader, absent: readonly TransferRecord[]) {
  const ghosts: TransferRecord[] = [];
  const notTold: TransferRecord[] = [];
  for (const txHash of new Set(absent.map((row) => row.txHash))) {
    const receipt = await reader.receipt(txHash);
    for (const row of absent.filter((each) => each.txHash === txHash)) {
      const isThere = receipt?.isSuccess === true && receipt.blockHash === row.blockHash;
      (isThere ? notTold : ghosts).push(row);
    }
  }
  return { ghosts, notTold };
}
