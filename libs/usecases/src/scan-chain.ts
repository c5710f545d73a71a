import { type BlockHeader, blocksPerHour, commonAncestor, isLinked, planScan, type ScanPlan } from '@tollbook/domain';
import { networkOf } from './catalog.js';
import { ChainUnavailable } from './chain-unavailable.js';
import type { ChainHead, ChainReader, TransferQuery } from './ports/chain-reader.js';
import type { CursorRecord, Lease, WatchedWallet } from './ports/chain-store.js';
import { rewindChain } from './rewind-chain.js';
import { chainLeaseMs, chainLeaseName, type WorkerDeps } from './worker-deps.js';

/** Blocks a scan asks for at once, where the node takes as many. */
const scanBlocksMax = 100_000n;
/** Authorizations in flight that are looked for by their nonces; of more, all of a range are. */
const openNoncesMax = 400;
/** Batches one job reads before it gives way to others. */
const batchesMax = 50;
/** Headers asked for in one request. */
const headerBatch = 100;

export type ScanOutcome =
  | { readonly kind: 'scanned'; readonly headNumber: bigint; readonly transfers: number; readonly isLevel: boolean }
  | { readonly kind: 'node_behind' }
  | { readonly kind: 'not_leader' }
  | { readonly kind: 'frozen'; readonly reason: string };

/**
 * Reads a network from its cursor to the node's head: transfers, headers and cursor in one dbTx a batch, a reorg undone
 * first. A node that is behind, lies or is silent delays the scan; nothing is ever skipped.
 */
export async function scanChain(deps: WorkerDeps, network: string): Promise<ScanOutcome> {
  const reader = deps.readerOf(network);
  if (!reader) throw new ChainUnavailable(network, 'no node is configured for this network');
  const lease = await deps.store.takeLease(chainLeaseName(network), deps.holder, chainLeaseMs);
  if (!lease) return { kind: 'not_leader' };
  let transfers = 0;
  let node: ChainHead | null = null;
  for (let batch = 0; batch < batchesMax; batch += 1) {
    const wallets = await deps.store.watchedWallets(network);
    const isFirst: boolean = node === null;
    node ??= await reader.head();
    const cursor = (await deps.store.cursor(network)) ?? (await startCursor(deps, lease, reader, node, wallets));
    if (cursor.frozenReason) return { kind: 'frozen', reason: cursor.frozenReason };
    // Later batches prove by their own answer that they follow on the one before.
    let hashAtOurHead: string | null = cursor.head.hash;
    if (isFirst) {
      const [atHead, atFinal] = await reader.headers([cursor.head.number, cursor.final.number]);
      if (atFinal && atFinal.hash !== cursor.final.hash) return freeze(deps, lease, cursor, 'final_block_changed');
      hashAtOurHead = atHead?.hash ?? null;
    }
    const plan = planScan(cursor, { headNumber: node.head.number, hashAtOurHead }, scanBlocksMax);
    if (plan.kind === 'idle') return { kind: 'scanned', headNumber: cursor.head.number, transfers, isLevel: true };
    if (plan.kind === 'node_behind') return { kind: 'node_behind' };
    if (plan.kind === 'rewind') {
      const frozen = await rewind(deps, lease, reader, cursor);
      if (frozen) return frozen;
      node = null;
      continue;
    }
    transfers += await advance(deps, lease, reader, cursor, plan, node, wallets);
  }
  return { kind: 'scanned', headNumber: -1n, transfers, isLevel: false };
}

/** The first cursor stands just before the first block in which a watched wallet may have been paid. */
async function startCursor(
  deps: WorkerDeps,
  lease: Lease,
  reader: ChainReader,
  node: ChainHead,
  wallets: readonly WatchedWallet[],
): Promise<CursorRecord> {
  const first = wallets.reduce(
    (min, wallet) => (wallet.watchFromBlock < min ? wallet.watchFromBlock : min),
    node.head.number + 1n,
  );
  const number = first > 0n ? first - 1n : 0n;
  const finalNumber = node.final.number < number ? node.final.number : number;
  const [start, final] = await reader.headers([number, finalNumber]);
  if (!start || !final) throw new ChainUnavailable(reader.network, 'the node has no block to start from');
  const at = { number, hash: start.hash };
  const cursor: CursorRecord = {
    network: reader.network,
    head: at,
    confirmed: at,
    final: { number: finalNumber, hash: final.hash },
    frozenReason: null,
  };
  await deps.store.underLease(lease, async (tx) => {
    await tx.createCursor(cursor);
    await tx.saveHeaders(reader.network, [start], 0n);
  });
  return cursor;
}

async function advance(
  deps: WorkerDeps,
  lease: Lease,
  reader: ChainReader,
  cursor: CursorRecord,
  plan: Extract<ScanPlan, { kind: 'advance' }>,
  node: ChainHead,
  wallets: readonly WatchedWallet[],
): Promise<number> {
  const { network } = reader;
  const { fromNumber, toNumber } = plan;
  const windowStart = node.head.number - blocksPerHour(networkOf(deps.catalog, network));
  const headersFrom = fromNumber > windowStart ? fromNumber : windowStart;
  const read = reader.transfers({
    fromNumber,
    toNumber,
    contracts: [...new Set(wallets.map((wallet) => wallet.contract))],
    wallets: [...new Set(wallets.map((wallet) => wallet.address))],
    after: cursor.head,
    mayEndEarly: true,
    ...(await noncesFor(deps, network, fromNumber, node.head.number - claimWindow(deps, network))),
  });
  // Near the head both are one question each, so they go side by side.
  const isShort = toNumber - fromNumber < BigInt(headerBatch);
  const [{ transfers, end }, early] = await Promise.all([
    read,
    isShort ? readHeaders(reader, headersFrom, toNumber) : undefined,
  ]);
  const headers = (early ?? (await readHeaders(reader, headersFrom, end.number))).filter(
    (header) => header.number <= end.number,
  );
  if (headersFrom === fromNumber && !isLinked(cursor.head, headers)) {
    throw new ChainUnavailable(network, 'the chain moved while its headers were read');
  }
  const hashes = new Map([...headers, end].map((header) => [header.number, header.hash]));
  const last = headers[headers.length - 1];
  const isOneView =
    (!last || last.hash === end.hash) &&
    transfers.every((t) => (hashes.get(t.blockNumber) ?? t.blockHash) === t.blockHash);
  if (!isOneView) throw new ChainUnavailable(network, 'headers and logs came from two chains');
  deps.failpoint('scan_read');
  await deps.store.takeLease(lease.name, deps.holder, chainLeaseMs);
  const fresh = await deps.store.underLease(lease, async (tx) => {
    const inserted = await tx.insertTransfers(transfers, wallets);
    await tx.saveHeaders(network, headers.length > 0 ? headers : [end], windowStart);
    await tx.saveCursor({ ...cursor, head: { number: end.number, hash: end.hash } });
    // Whoever adds a wallet holds the cursor, so by now it can be seen; its transfers were not asked for.
    const known = new Set(wallets.map(({ walletId, assetId }) => `${walletId}/${assetId}`));
    const late = (await tx.watchedWallets(network)).some(
      (each) => !known.has(`${each.walletId}/${each.assetId}`) && each.watchFromBlock <= end.number,
    );
    if (late) throw new ChainUnavailable(network, 'a wallet was added while its blocks were read');
    deps.failpoint('scan_written');
    return inserted.length;
  });
  deps.failpoint('scan_committed');
  return fresh;
}

/** A claim comes before its money moves, but for what a node that lags still calls unspent: minutes at the most. */
const claimWindowMs = 5 * 60_000;

function claimWindow(deps: WorkerDeps, network: string): bigint {
  return BigInt(Math.ceil(claimWindowMs / networkOf(deps.catalog, network).blockMs));
}

/**
 * By which nonces authorizations are looked for. A payment may still be claimed for a transfer of the last minutes, so
 * all of those are; before, those in flight are all that anybody waits for.
 */
async function noncesFor(
  deps: WorkerDeps,
  network: string,
  fromNumber: bigint,
  allFrom: bigint,
): Promise<Pick<TransferQuery, 'nonces'>> {
  if (fromNumber >= allFrom) return {};
  const open = await deps.store.openNonces(network, openNoncesMax + 1);
  return open.length > openNoncesMax ? {} : { nonces: { open, allFrom } };
}

async function readHeaders(reader: ChainReader, fromNumber: bigint, toNumber: bigint): Promise<BlockHeader[]> {
  const headers: BlockHeader[] = [];
  for (let at = fromNumber; at <= toNumber; at += BigInt(headerBatch)) {
    const count = Number(toNumber - at + 1n);
    const numbers = Array.from({ length: Math.min(count, headerBatch) }, (_, index) => at + BigInt(index));
    for (const header of await reader.headers(numbers)) {
      if (!header) throw new ChainUnavailable(reader.network, 'the node lost a block while it was read');
      headers.push(header);
    }
  }
  return headers;
}

/** Back to the newest block that both chains share; below the final block nothing is rewritten, the network stops. */
async function rewind(
  deps: WorkerDeps,
  lease: Lease,
  reader: ChainReader,
  cursor: CursorRecord,
): Promise<ScanOutcome | null> {
  const stored = await deps.store.headersFrom(reader.network, cursor.final.number);
  const ours = [...stored, cursor.final];
  const nodeHashes = new Map<bigint, string>();
  for (let at = 0; at < ours.length; at += headerBatch) {
    const numbers = ours.slice(at, at + headerBatch).map((header) => header.number);
    for (const header of await reader.headers(numbers)) {
      // It showed a block at our head, so it has all below; an answer with holes proves no fork, and no depth of one.
      if (!header) throw new ChainUnavailable(reader.network, 'the node left out blocks while its fork was followed');
      nodeHashes.set(header.number, header.hash);
    }
  }
  const search = commonAncestor(ours, nodeHashes);
  if (search.kind === 'beyond_window') return freeze(deps, lease, cursor, 'reorg_beyond_known_headers');
  await deps.store.takeLease(lease.name, deps.holder, chainLeaseMs);
  await rewindChain(deps, lease, cursor, search.ancestor);
  return null;
}

async function freeze(deps: WorkerDeps, lease: Lease, cursor: CursorRecord, reason: string): Promise<ScanOutcome> {
  await deps.store.underLease(lease, (tx) => tx.saveCursor({ ...cursor, frozenReason: reason }));
  return { kind: 'frozen', reason };
}
