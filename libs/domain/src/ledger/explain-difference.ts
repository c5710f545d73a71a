/** Where on a chain something moved a wallet's token. */
type Place = {
  readonly txHash: string;
  readonly position: number;
  readonly blockNumber: bigint;
  readonly blockHash: string;
};

/** What the chain says a transfer did to a wallet: positive in, negative out. */
export type ChainMovement = Place & { readonly movedAtomic: bigint };

/** What the books hold of the same: a recorded transfer, an entry, or both. */
export type BookedMovement = {
  /** Null where an entry stands without a recorded transfer. */
  readonly transfer: (Place & { readonly transferId: string }) | null;
  readonly blockNumber: bigint;
  /** The first of its entries; null where nothing was booked. */
  readonly entrySeq: bigint | null;
  /** What its entries left on the wallet's account. */
  readonly bookedAtomic: bigint;
};

/**
 * A row that explains a part of a difference. `not_recorded`: the chain has it, we do not. `not_on_chain`: the books have
 * it, the chain does not. `booked_otherwise`: both have it, with other amounts (or it was not booked at all).
 */
export type DifferenceRow = {
  readonly kind: 'not_recorded' | 'not_on_chain' | 'booked_otherwise';
  /** What it adds to `onChain - closing`. */
  readonly effectAtomic: bigint;
  readonly blockNumber: bigint;
  readonly txHash: string | null;
  readonly position: number | null;
  readonly transferId: string | null;
  readonly entrySeq: bigint | null;
};

/**
 * Lays the movements of the same blocks beside each other, as the chain and as the books tell them, and keeps what does
 * not agree, by block. The effects sum to what these blocks add to the difference.
 */
export function explainDifference(
  chain: readonly ChainMovement[],
  books: readonly BookedMovement[],
): readonly DifferenceRow[] {
  const onChain = new Map(chain.map((movement) => [keyOf(movement), movement]));
  const rows: DifferenceRow[] = [];
  const seen = new Set<string>();
  for (const { transfer, blockNumber, entrySeq, bookedAtomic } of books) {
    const key = transfer === null ? null : keyOf(transfer);
    const movement = key === null ? undefined : onChain.get(key);
    if (key !== null && movement) seen.add(key);
    const effectAtomic = (movement?.movedAtomic ?? 0n) - bookedAtomic;
    if (effectAtomic === 0n) continue;
    const { txHash, position, transferId } = transfer ?? { txHash: null, position: null, transferId: null };
    const kind = movement ? 'booked_otherwise' : 'not_on_chain';
    rows.push({ kind, effectAtomic, blockNumber, txHash, position, transferId, entrySeq });
  }
  for (const [key, { txHash, position, blockNumber, movedAtomic }] of onChain) {
    if (seen.has(key) || movedAtomic === 0n) continue;
    const place = { blockNumber, txHash, position, transferId: null, entrySeq: null };
    rows.push({ kind: 'not_recorded', effectAtomic: movedAtomic, ...place });
  }
  return rows.sort((a, b) => (a.blockNumber < b.blockNumber ? -1 : a.blockNumber > b.blockNumber ? 1 : 0));
}

function keyOf({ txHash, position, blockHash }: Place): string {
  return `${blockHash}/${txHash}/${position}`;
}
