import type { ChainCheckKind } from '@tollbook/domain';
import { bookFound } from './book-found.js';
import { networkOf } from './catalog.js';
import { ChainUnavailable } from './chain-unavailable.js';
import type { ChainReader } from './ports/chain-reader.js';
import type { ChainCheckRecord, CursorRecord, Lease, WatchedWallet } from './ports/chain-store.js';
import type { TransferRecord } from './ports/records.js';
import { chainLeaseMs, chainLeaseName, type WorkerDeps } from './worker-deps.js';

/** Blocks at the head that are read again at each look. */
const overlapBlocks = 64n;
/** Blocks that one dbTx compares, and how many of those one look does. */
const checkBlocksMax = 2_000n;
const batchesMax = 20;

/** A network's chain as another node tells it than the one that blocks are read from, where there are several. */
export type SecondReader = { readonly reader: ChainReader; readonly isOtherNode: boolean };

export type CheckDeps = WorkerDeps & { readonly secondReaderOf: (network: string) => SecondReader | undefined };

/** Transfers that were booked now, that the second reading left out, and that the chain does not have. */
export type CheckCounts = { readonly found: number; readonly leftOut: number; readonly ghosts: number };

export type CheckOutcome =
  | ({ readonly kind: 'checked' } & CheckCounts)
  | { readonly kind: 'not_leader' | 'nothing_scanned' | 'frozen' };

/**
 * Reads what was read already once more, from another node where there is one: the last 64 blocks at each look, and every
 * block again when its chain calls it safe, and final. A node that lags or drops logs answers without an error, so one
 * answer proves nothing. What the first reading did not show is booked; what the books have and the chain has not is
 * told, and left for a person.
 */
export async function checkChain(deps: CheckDeps, network: string): Promise<CheckOutcome> {
  const second = deps.secondReaderOf(network);
  if (!second) throw new ChainUnavailable(network, 'no node is configured for this network');
  const lease = await deps.store.takeLease(chainLeaseName(network), deps.holder, chainLeaseMs);
  if (!lease) return { kind: 'not_leader' };
  const cursor = await deps.store.cursor(network);
  if (!cursor) return { kind: 'nothing_scanned' };
  if (cursor.frozenReason) return { kind: 'frozen' };
  const known = await deps.store.chainChecks(network);
  const counts = { found: 0, leftOut: 0, ghosts: 0 };
  const run: Run = { deps, lease, cursor, second, wallets: await deps.store.watchedWallets(network) };
  for (const kind of ['overlap', 'safe', 'final'] as const) {
    const done = await checkKind(run, kind, known.find((each) => each.kind === kind) ?? null);
    counts.found += done.found;
    counts.leftOut += done.leftOut;
    counts.ghosts += done.ghosts;
  }
  return { kind: 'checked', ...counts };
}

type Run = {
  readonly deps: CheckDeps;
  readonly lease: Lease;
  readonly cursor: CursorRecord;
  readonly second: SecondReader;
  readonly wallets: readonly WatchedWallet[];
};

async function checkKind(run: Run, kind: ChainCheckKind, before: ChainCheckRecord | null): Promise<CheckCounts> {
  const { cursor } = run;
  const to = await heightOf(run, kind);
  let from = kind === 'overlap' ? cursor.head.number - overlapBlocks : await sinceOf(run, before);
  if (from < 0n) from = 0n;
  const counts = { found: 0, leftOut: 0, ghosts: 0 };
  let record = before ?? (kind === 'overlap' ? null : await begin(run, kind));
  for (let batch = 0; batch < batchesMax && to !== null && from < to; batch += 1) {
    const end = to - from > checkBlocksMax ? from + checkBlocksMax : to;
    const done = await checkRange(run, kind, { fromNumber: from + 1n, toNumber: end }, record);
    counts.found += done.found;
    counts.leftOut += done.leftOut;
    counts.ghosts += done.ghosts;
    record = done.record;
    from = end;
  }
  return counts;
}

/** Up to where blocks can be compared; null where the network has no such height. Never above what was read. */
async function heightOf({ deps, cursor, second }: Run, kind: ChainCheckKind): Promise<bigint | null> {
  if (kind === 'overlap') return cursor.head.number;
  if (kind === 'final') return cursor.final.number;
  if (!networkOf(deps.catalog, cursor.network).hasSafeTag) return null;
  const safe = await second.reader.safe();
  if (!safe) return null;
  return safe.number < cursor.head.number ? safe.number : cursor.head.number;
}

/** From where on blocks are compared: the first look of all begins at the final block, and so does one after a reorg. */
async function sinceOf({ deps, cursor }: Run, before: ChainCheckRecord | null): Promise<bigint> {
  if (!before) return cursor.final.number;
  const { number, hash } = before.through;
  const ours = await headerHashes(deps, cursor.network, number, number);
  const isOurs = number <= cursor.head.number && (ours.get(number) ?? hash) === hash;
  return isOurs || number <= cursor.final.number ? number : cursor.final.number;
}

/** What comes after the final block of now is compared, first of all without anything to compare. */
function begin({ deps, lease, cursor, second }: Run, kind: ChainCheckKind): Promise<ChainCheckRecord> {
  const { network, final: through } = cursor;
  const none = { count: 0, atMs: null };
  return deps.store.underLease(lease, async (tx) => {
    const findings = { found: none, leftOut: none, ghosts: none };
    const record = { network, kind, through, isOtherNode: second.isOtherNode, checkedAtMs: tx.nowMs, ...findings };
    await tx.saveChainCheck(record);
    return record;
  });
}

type BlockRange = { readonly fromNumber: bigint; readonly toNumber: bigint };

async function checkRange(
  { deps, lease, cursor, second, wallets }: Run,
  kind: ChainCheckKind,
  { fromNumber, toNumber }: BlockRange,
  before: ChainCheckRecord | null,
): Promise<CheckCounts & { readonly record: ChainCheckRecord }> {
  const { network } = cursor;
  const { reader, isOtherNode } = second;
  const { transfers, end } = await reader.transfers({
    fromNumber,
    toNumber,
    contracts: [...new Set(wallets.map((wallet) => wallet.contract))],
    wallets: [...new Set(wallets.map((wallet) => wallet.address))],
  });
  const hashes = await headerHashes(deps, network, fromNumber, toNumber);
  const isOurChain = [{ blockNumber: end.number, blockHash: end.hash }, ...transfers].every(
    ({ blockNumber, blockHash }) => (hashes.get(blockNumber) ?? blockHash) === blockHash,
  );
  if (!isOurChain) throw new ChainUnavailable(network, 'the second reading is of another chain than the first');
  const told = new Set(transfers.map(({ blockHash, position }) => `${blockHash}/${position}`));
  const absent = await deps.store.underLease(lease, async (tx) => {
    const stored = await tx.transfersBetween(network, fromNumber, toNumber, null, Number.MAX_SAFE_INTEGER);
    return stored.filter(({ blockHash, position }) => !told.has(`${blockHash}/${position}`));
  });
  const ghosts = await countGhosts(reader, absent);
  await deps.store.takeLease(lease.name, deps.holder, chainLeaseMs);
  // What is still read for a wallet that was added later is nothing that a reading left out.
  const covered = wallets.map((wallet) => ({ ...wallet, watchFromBlock: wallet.coveredFromBlock }));
  return deps.store.underLease(lease, async (tx) => {
    const found = (await bookFound(tx, deps, cursor, transfers, covered)).length;
    const counts = { found, ghosts, leftOut: absent.length - ghosts };
    const sum = (known: ChainCheckRecord['found'] | undefined, count: number) => ({
      count: (known?.count ?? 0) + count,
      atMs: count > 0 ? tx.nowMs : (known?.atMs ?? null),
    });
    const record: ChainCheckRecord = {
      network,
      kind,
      isOtherNode,
      through: { number: end.number, hash: end.hash },
      checkedAtMs: tx.nowMs,
      found: sum(before?.found, found),
      leftOut: sum(before?.leftOut, counts.leftOut),
      ghosts: sum(before?.ghosts, ghosts),
    };
    await tx.saveChainCheck(record);
    return { ...counts, record };
  });
}

/** Hashes of our own blocks, as far as they are kept. */
async function headerHashes(deps: WorkerDeps, network: string, fromNumber: bigint, toNumber: bigint) {
  const headers = await deps.store.headersFrom(network, fromNumber);
  return new Map(headers.filter(({ number }) => number <= toNumber).map(({ number, hash }) => [number, hash]));
}

/** A receipt in the very block says that only the logs were left out. */
async function countGhosts(reader: ChainReader, absent: readonly TransferRecord[]): Promise<number> {
  const txHashes = [...new Set(absent.map(({ txHash }) => txHash))];
  let ghosts = 0;
  for (const txHash of txHashes) {
    const receipt = await reader.receipt(txHash);
    ghosts += absent.filter(
      (row) => row.txHash === txHash && !(receipt?.isSuccess && receipt.blockHash === row.blockHash),
    ).length;
  }
  return ghosts;
}
