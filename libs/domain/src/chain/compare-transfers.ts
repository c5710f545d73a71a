import type { Transfer } from './transfer.js';

/** A transfer as one book recorded it. */
export type RecordedTransfer = {
  readonly bookId: number;
  readonly blockNumber: bigint;
  readonly blockHash: string;
  readonly blockTimeUnixSeconds: number;
  readonly txHash: string;
  readonly position: number;
  readonly assetId: number;
  readonly from: string;
  readonly to: string;
  readonly amountAtomic: bigint;
};

/** A token of an address that a book follows, from a block on. */
export type FollowedToken = {
  readonly bookId: number;
  readonly address: string;
  readonly contract: string;
  readonly assetId: number;
  readonly watchFromBlock: bigint;
};

export type TransferComparison<Recorded> = {
  /** On the chain, and not recorded by a book that follows one of its sides. */
  readonly missing: readonly Transfer[];
  /** Recorded, and not among what the chain told. */
  readonly absent: readonly Recorded[];
  /** At the same place in the same block, with other facts. */
  readonly changed: readonly { readonly recorded: Recorded; readonly columns: readonly string[] }[];
};

/** Lays what the chain told of some blocks beside what books recorded of them. */
export function compareTransfers<Recorded extends RecordedTransfer>(
  chain: readonly Transfer[],
  recorded: readonly Recorded[],
  followed: readonly FollowedToken[],
): TransferComparison<Recorded> {
  const told = new Map(chain.map((transfer) => [placeOf(transfer), transfer]));
  const held = new Set(recorded.map((row) => `${row.bookId} ${placeOf(row)}`));
  const missing = chain.filter((transfer) =>
    booksOf(transfer, followed).some(({ bookId }) => !held.has(`${bookId} ${placeOf(transfer)}`)),
  );
  const absent: Recorded[] = [];
  const changed: { recorded: Recorded; columns: readonly string[] }[] = [];
  for (const row of recorded) {
    const transfer = told.get(placeOf(row));
    if (!transfer) absent.push(row);
    else {
      const columns = differingColumns(row, transfer, followed);
      if (columns.length > 0) changed.push({ recorded: row, columns });
    }
  }
  return { missing, absent, changed };
}

function placeOf(place: { readonly blockHash: string; readonly txHash: string; readonly position: number }): string {
  return `${place.blockHash}/${place.txHash}/${place.position}`;
}

function booksOf({ from, to, contract, blockNumber }: Transfer, followed: readonly FollowedToken[]) {
  return followed.filter(
    (each) =>
      each.contract === contract &&
      each.watchFromBlock <= blockNumber &&
      (each.address === from || each.address === to),
  );
}

function differingColumns(row: RecordedTransfer, transfer: Transfer, followed: readonly FollowedToken[]): string[] {
  const assets = new Set(followed.filter(({ contract }) => contract === transfer.contract).map((each) => each.assetId));
  const pairs: readonly (readonly [column: string, isEqual: boolean])[] = [
    ['block_number', row.blockNumber === transfer.blockNumber],
    ['block_time', row.blockTimeUnixSeconds === transfer.blockTimeUnixSeconds],
    ['asset_id', assets.has(row.assetId)],
    ['from_address', row.from === transfer.from],
    ['to_address', row.to === transfer.to],
    ['amount_atomic', row.amountAtomic === transfer.amountAtomic],
  ];
  return pairs.filter(([, isEqual]) => !isEqual).map(([column]) => column);
}
