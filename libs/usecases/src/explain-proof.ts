import { type ChainMovement, type DifferenceRow, explainDifference } from '@tollbook/domain';
import { ChainUnavailable } from './chain-unavailable.js';
import type { BooksProofRecord, BooksStore } from './ports/books-store.js';
import type { ChainReader } from './ports/chain-reader.js';

/** Why the books and the chain differ, as far as it was looked for. */
export type ProofExplanation = {
  /** By block, fifty at most. */
  readonly rows: readonly DifferenceRow[];
  /** What is left of the difference beyond the rows that were found: 0 when they explain all of it. */
  readonly unexplainedAtomic: bigint;
};

/** What one explanation shows. */
const rowsMax = 50;
/** Blocks that one explanation reads from the chain: some days of Base. */
const blocksMax = 200_000n;

/**
 * Finds the rows behind a difference. Proofs that were kept tell between which blocks it arose, so that only those are
 * read from the chain again and laid beside what is recorded and booked of them. A node that is away leaves the rest
 * unexplained; nothing is changed.
 */
export async function explainProof(
  deps: { readonly books: BooksStore; readonly reader: ChainReader },
  proof: BooksProofRecord,
): Promise<ProofExplanation> {
  const { bookId, walletId, assetId, wallet, contract } = proof;
  const key = { bookId, walletId, assetId };
  const spans = await deps.books.differingSpans(key, proof.blockNumber, proof.differenceAtomic);
  const rows: DifferenceRow[] = [];
  let blocksLeft = blocksMax;
  for (const { fromNumber, toNumber } of spans) {
    blocksLeft -= toNumber - fromNumber + 1n;
    if (blocksLeft < 0n) break;
    const chain = await movementsOf(deps.reader, { contract, wallet, fromNumber, toNumber });
    if (chain === null) break;
    rows.push(...explainDifference(chain, await deps.books.bookedMovements(key, fromNumber, toNumber)));
  }
  const explained = rows.reduce((sum, { effectAtomic }) => sum + effectAtomic, 0n);
  return { rows: rows.slice(0, rowsMax), unexplainedAtomic: proof.differenceAtomic - explained };
}

async function movementsOf(
  reader: ChainReader,
  range: {
    readonly contract: string;
    readonly wallet: string;
    readonly fromNumber: bigint;
    readonly toNumber: bigint;
  },
): Promise<ChainMovement[] | null> {
  const { contract, wallet, fromNumber, toNumber } = range;
  try {
    const { transfers } = await reader.transfers({ fromNumber, toNumber, contracts: [contract], wallets: [wallet] });
    return transfers.map(({ txHash, position, blockNumber, blockHash, from, to, amountAtomic }) => {
      const movedAtomic = (to === wallet ? amountAtomic : 0n) - (from === wallet ? amountAtomic : 0n);
      return { txHash, position, blockNumber, blockHash, movedAtomic };
    });
  } catch (error) {
    if (error instanceof ChainUnavailable) return null;
    throw error;
  }
}
