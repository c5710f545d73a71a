import { bookFound } from './book-found.js';
import { ChainUnavailable } from './chain-unavailable.js';
import type { CoverageGap } from './ports/chain-store.js';
import { chainLeaseMs, chainLeaseName, type WorkerDeps } from './worker-deps.js';

/** Parts that one run reads before live blocks have their turn again. */
const partsMax = 10;

export type BackfillOutcome =
  | { readonly kind: 'filled'; readonly blocks: number; readonly transfers: number; readonly left: number }
  | { readonly kind: 'not_leader' | 'nothing_scanned' | 'frozen' };

/**
 * Reads what lies between the first block that a wallet is watched from and the first that was read with it: a part of
 * the chain for those wallets alone, written with how far it goes, and booked where its blocks stand by now. Live blocks
 * are not held up by it.
 */
export async function backfillChain(deps: WorkerDeps, network: string): Promise<BackfillOutcome> {
  const reader = deps.readerOf(network);
  if (!reader) throw new ChainUnavailable(network, 'no node is configured for this network');
  const lease = await deps.store.takeLease(chainLeaseName(network), deps.holder, chainLeaseMs);
  if (!lease) return { kind: 'not_leader' };
  const done = { blocks: 0, transfers: 0 };
  for (let part = 0; part < partsMax; part += 1) {
    const cursor = await deps.store.cursor(network);
    if (!cursor) return { kind: 'nothing_scanned' };
    if (cursor.frozenReason) return { kind: 'frozen' };
    const gaps = nextTogether(await deps.store.coverageGaps(network));
    const [first] = gaps;
    if (!first) break;
    // A reorg may have taken the head below what is missing; those blocks are read as live ones then.
    const toNumber = first.toNumber < cursor.head.number ? first.toNumber : cursor.head.number;
    if (first.fromNumber > toNumber) break;
    const { transfers, end } = await reader.transfers({
      fromNumber: first.fromNumber,
      toNumber,
      contracts: [...new Set(gaps.map(({ contract }) => contract))],
      wallets: [...new Set(gaps.map(({ address }) => address))],
      mayEndEarly: true,
      // No offer named the wallet in those blocks.
      nonces: { open: [], allFrom: toNumber + 1n },
    });
    const ours = new Map(
      (await deps.store.headersFrom(network, first.fromNumber)).map(({ number, hash }) => [number, hash]),
    );
    const isOurChain = [{ blockNumber: end.number, blockHash: end.hash }, ...transfers].every(
      ({ blockNumber, blockHash }) => (ours.get(blockNumber) ?? blockHash) === blockHash,
    );
    if (!isOurChain) throw new ChainUnavailable(network, 'the blocks that are missing came from another chain');
    await deps.store.takeLease(lease.name, deps.holder, chainLeaseMs);
    const wallets = gaps.map((gap) => ({
      ...gap,
      watchFromBlock: first.fromNumber,
      coveredFromBlock: first.fromNumber,
    }));
    const found = await deps.store.underLease(lease, async (tx) => {
      const rows = await bookFound(tx, deps, cursor, transfers, wallets);
      for (const gap of gaps) await tx.coverThrough(gap, end.number);
      return rows.length;
    });
    done.blocks += Number(end.number - first.fromNumber + 1n);
    done.transfers += found;
  }
  const left = (await deps.store.coverageGaps(network)).reduce(
    (sum, { fromNumber, toNumber }) => sum + Number(toNumber - fromNumber + 1n),
    0,
  );
  return { kind: 'filled', ...done, left };
}

/** The lowest gap, and all that begin and end where it does: they are read by the same questions. */
function nextTogether(gaps: readonly CoverageGap[]): readonly CoverageGap[] {
  const [lowest] = [...gaps].sort((a, b) => (a.fromNumber < b.fromNumber ? -1 : 1));
  if (!lowest) return [];
  return gaps.filter(({ fromNumber, toNumber }) => fromNumber === lowest.fromNumber && toNumber === lowest.toNumber);
}
