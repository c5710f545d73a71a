import { ChainUnavailable } from './chain-unavailable.js';
import type { BooksProofRecord, BooksStore } from './ports/books-store.js';
import type { ChainReader } from './ports/chain-reader.js';
import type { ChainStore } from './ports/chain-store.js';

export type ProveDeps = {
  readonly books: BooksStore;
  readonly store: Pick<ChainStore, 'cursor'>;
  readonly readerOf: (network: string) => ChainReader | undefined;
};

export type ProofResult =
  | { readonly kind: 'proved'; readonly rows: readonly BooksProofRecord[] }
  | { readonly kind: 'refused'; readonly reason: 'network_unknown' | 'block_not_confirmed' };

/**
 * Compares the books with the chain at one block, for every watched wallet and token: opening + in - out against
 * `balanceOf`, read by block hash so that another fork cannot answer. Without a block, the newest final one.
 */
export async function proveBooks(
  deps: ProveDeps,
  scope: { readonly bookId: number | null; readonly network: string; readonly blockNumber: bigint | null },
): Promise<ProofResult> {
  const reader = deps.readerOf(scope.network);
  const cursor = await deps.store.cursor(scope.network);
  if (!reader || !cursor) return { kind: 'refused', reason: 'network_unknown' };
  const blockNumber = scope.blockNumber ?? cursor.final.number;
  if (blockNumber > cursor.confirmed.number) return { kind: 'refused', reason: 'block_not_confirmed' };
  const movements = await deps.books.movements(scope.bookId, scope.network, blockNumber);
  const [block] = await reader.headers([blockNumber]);
  if (!block) throw new ChainUnavailable(scope.network, 'the node has no block at this height');
  const rows: BooksProofRecord[] = [];
  for (const movement of movements) {
    const closingAtomic = movement.openingAtomic + movement.inAtomic - movement.outAtomic;
    const onChainAtomic = await reader.balanceAt(movement.contract, movement.wallet, block.hash);
    const differenceAtomic = onChainAtomic - closingAtomic;
    rows.push({ ...movement, blockNumber, blockHash: block.hash, closingAtomic, onChainAtomic, differenceAtomic });
  }
  return { kind: 'proved', rows };
}
