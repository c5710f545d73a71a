import type { EntryDraft, EntryKind, Posting } from '@tollbook/domain';
import type { NetworkIds } from '../network-ids.js';
import { fromDbAccount } from './account.mapping.js';
import { fromDbBytesOrNull } from './column.mapping.js';

/** One posting with its entry; entries repeat for each of theirs, legs in order. */
export type PostingOfEntryRow = {
  readonly book_id: number;
  readonly entry_seq: bigint;
  readonly kind: string;
  readonly cause_id: string;
  readonly intent_id: string | null;
  readonly network_id: number | null;
  readonly block_number: bigint | null;
  readonly effective_at: Date;
  readonly local_day: string;
  readonly facts_hash: Uint8Array | null;
  readonly debit_code: string;
  readonly debit_endpoint_id: string | null;
  readonly debit_wallet_id: string | null;
  readonly credit_code: string;
  readonly credit_endpoint_id: string | null;
  readonly credit_wallet_id: string | null;
  readonly asset_id: number;
  readonly amount_atomic: string;
};

/** An entry as it was drafted, with its book. */
export type EntryOfBook = { readonly bookId: number; readonly entry: EntryDraft };

/** Entries of allocations out of rows that are sorted by book, entry and leg. */
export function fromDbEntries(rows: readonly PostingOfEntryRow[], networks: NetworkIds): EntryOfBook[] {
  const groups = new Map<string, PostingOfEntryRow[]>();
  for (const row of rows) {
    const key = `${row.book_id} ${row.entry_seq}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].flatMap((group) => {
    const [row] = group;
    return row ? [{ bookId: row.book_id, entry: entryOf(row, group, networks) }] : [];
  });
}

function entryOf(row: PostingOfEntryRow, postings: readonly PostingOfEntryRow[], networks: NetworkIds): EntryDraft {
  return {
    // The column is checked against the list of kinds.
    kind: row.kind as EntryKind,
    causeKind: 'allocation',
    causeId: row.cause_id,
    intentId: row.intent_id,
    network: row.network_id === null ? null : networks.nameOf(row.network_id),
    blockNumber: row.block_number,
    effectiveAtUnixSeconds: row.effective_at.getTime() / 1000,
    localDay: row.local_day,
    factsHash: fromDbBytesOrNull(row.facts_hash),
    postings: postings.map(fromDbPosting),
  };
}

function fromDbPosting(row: PostingOfEntryRow): Posting {
  return {
    debit: fromDbAccount({ code: row.debit_code, endpoint_id: row.debit_endpoint_id, wallet_id: row.debit_wallet_id }),
    credit: fromDbAccount({
      code: row.credit_code,
      endpoint_id: row.credit_endpoint_id,
      wallet_id: row.credit_wallet_id,
    }),
    assetId: row.asset_id,
    amountAtomic: BigInt(row.amount_atomic),
  };
}
