import { ChainUnavailable } from './chain-unavailable.js';
import { explainProof, type ProofExplanation } from './explain-proof.js';
import type { BooksProofRecord, BooksStore, WalletMovement } from './ports/books-store.js';
import type { ChainReader } from './ports/chain-reader.js';
import type { ChainStore } from './ports/chain-store.js';

export type ProveDeps = {
  readonly books: BooksStore;
  readonly store: Pick<ChainStore, 'cursor'>;
  readonly readerOf: (network: string) => ChainReader | undefined;
};

/** What to prove: one network of one book, or of all. */
export type ProofScope = {
  readonly bookId: number | null;
  readonly network: string;
  /** The block to prove at; the newest final one where it is null. */
  readonly blockNumber: bigint | null;
  /** What came before this block counts as opening; all since the wallet is watched where it is left out. */
  readonly fromNumber?: bigint | null;
  /** One wallet, or one token, alone; lower-case hex. */
  readonly wallet?: string | null;
  readonly contract?: string | null;
  /** Whether the rows behind a difference are looked for, which reads the chain again. */
  readonly isExplained?: boolean;
};

export type ExplainedProof = BooksProofRecord & {
  readonly fromNumber: bigint | null;
  /** Null where nothing differs, or nobody asked. */
  readonly explanation: ProofExplanation | null;
};

export type ProofRefusal =
  | { readonly reason: 'network_unknown' | 'wallet_unknown' | 'asset_unknown' | 'from_above_block' }
  /** The block is above what is confirmed; `isMined` says whether the chain has it at all, as far as it was read. */
  | { readonly reason: 'block_not_confirmed'; readonly isMined: boolean; readonly confirmedNumber: bigint }
  | { readonly reason: 'block_before_wallet'; readonly firstNumber: bigint };

export type ProofResult =
  | { readonly kind: 'proved'; readonly rows: readonly ExplainedProof[] }
  | ({ readonly kind: 'refused' } & ProofRefusal);

/**
 * Compares the books with the chain at one block, for every watched wallet and token: opening + in - out against
 * `balanceOf`, read by block hash so that another fork cannot answer. Without a block, the newest final one. A wallet
 * that was not watched yet at that block proves nothing there and is left out, or refused where it was named.
 */
export async function proveBooks(deps: ProveDeps, scope: ProofScope): Promise<ProofResult> {
  const { network, fromNumber = null, wallet = null, contract = null } = scope;
  const reader = deps.readerOf(network);
  const cursor = await deps.store.cursor(network);
  if (!reader || !cursor) return { kind: 'refused', reason: 'network_unknown' };
  const { head, confirmed, final } = cursor;
  const blockNumber = scope.blockNumber ?? final.number;
  if (blockNumber > confirmed.number) {
    const isMined = blockNumber <= head.number;
    return { kind: 'refused', reason: 'block_not_confirmed', isMined, confirmedNumber: confirmed.number };
  }
  if (fromNumber !== null && fromNumber > blockNumber) return { kind: 'refused', reason: 'from_above_block' };
  const all = await deps.books.movements(scope.bookId, network, blockNumber, fromNumber);
  const ofWallet = all.filter((each) => wallet === null || each.wallet === wallet);
  if (wallet !== null && ofWallet.length === 0) return { kind: 'refused', reason: 'wallet_unknown' };
  const named = ofWallet.filter((each) => contract === null || each.contract === contract);
  if (contract !== null && named.length === 0) return { kind: 'refused', reason: 'asset_unknown' };
  const movements = named.filter((each) => each.watchFromBlock <= blockNumber + 1n);
  if (movements.length === 0 && named.length > 0 && (wallet !== null || scope.blockNumber !== null)) {
    return { kind: 'refused', reason: 'block_before_wallet', firstNumber: firstOf(named) };
  }
  const [block] = await reader.headers([blockNumber]);
  if (!block) throw new ChainUnavailable(network, 'the node has no block at this height');
  const known = [final, confirmed].find((point) => point.number === blockNumber);
  if (known && known.hash !== block.hash) throw new ChainUnavailable(network, 'the node is on another fork');
  const rows: ExplainedProof[] = [];
  for (const movement of movements) {
    const closingAtomic = movement.openingAtomic + movement.inAtomic - movement.outAtomic;
    const onChainAtomic = await reader.balanceAt(movement.contract, movement.wallet, block.hash);
    const differenceAtomic = onChainAtomic - closingAtomic;
    const amounts = { closingAtomic, onChainAtomic, differenceAtomic };
    const row = { ...movement, blockNumber, blockHash: block.hash, ...amounts, fromNumber };
    const isWanted = scope.isExplained === true && differenceAtomic !== 0n;
    rows.push({ ...row, explanation: isWanted ? await explainProof({ books: deps.books, reader }, row) : null });
  }
  return { kind: 'proved', rows };
}

/** The block before the first that is watched: there the wallet was seen empty. */
function firstOf(movements: readonly WalletMovement[]): bigint {
  const first = movements.reduce<bigint | null>(
    (least, { watchFromBlock: at }) => (least === null || at < least ? at : least),
    null,
  );
  return first === null || first === 0n ? 0n : first - 1n;
}
