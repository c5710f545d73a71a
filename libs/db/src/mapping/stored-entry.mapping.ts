import type { EntryForHash } from '@tollbook/domain';
import { fromDbBytes, required } from './column.mapping.js';

/** One posting with its entry. Entries repeat for each posting; one without any has a single row, its posting null. */
export type EntryPostingRow = {
  readonly entry_seq: bigint;
  readonly kind: string;
  readonly cause_kind: string;
  readonly cause_id: string;
  readonly intent_id: string | null;
  readonly caip2: string | null;
  readonly block_number: bigint | null;
  readonly effective_at: Date;
  readonly local_day: string;
  readonly chain_hash: Uint8Array;
  readonly leg: number | null;
  readonly debit_code: string | null;
  readonly credit_code: string | null;
  readonly asset_id: number | null;
  readonly amount_atomic: string | null;
};

/** An entry with the hash that was stored with it. */
export type StoredEntry = { readonly entry: EntryForHash; readonly chainHash: Uint8Array };

/** Entries out of rows that are sorted by entry and leg. */
export function fromDbStoredEntries(rows: readonly EntryPostingRow[]): StoredEntry[] {
  const entries: (StoredEntry & { readonly postings: EntryForHash['postings'][number][] })[] = [];
  for (const row of rows) {
    let last = entries.at(-1);
    if (last?.entry.entrySeq !== row.entry_seq) {
      const postings: EntryForHash['postings'][number][] = [];
      last = { entry: fromDbEntry(row, postings), chainHash: fromDbBytes(row.chain_hash), postings };
      entries.push(last);
    }
    if (row.leg !== null) last.postings.push(fromDbPosting(row));
  }
  return entries.map(({ entry, chainHash }) => ({ entry, chainHash }));
}

function fromDbEntry(row: EntryPostingRow, postings: EntryForHash['postings']): EntryForHash {
  return {
    entrySeq: row.entry_seq,
    kind: row.kind,
    causeKind: row.cause_kind,
    causeId: row.cause_id,
    intentId: row.intent_id,
    network: row.caip2,
    blockNumber: row.block_number,
    effectiveAtUnixSeconds: row.effective_at.getTime() / 1000,
    localDay: row.local_day,
    postings,
  };
}

function fromDbPosting(row: EntryPostingRow): EntryForHash['postings'][number] {
  return {
    debitCode: required(row.debit_code, 'ledger_accounts.code'),
    creditCode: required(row.credit_code, 'ledger_accounts.code'),
    assetId: required(row.asset_id, 'ledger_postings.asset_id'),
    amountAtomic: BigInt(required(row.amount_atomic, 'ledger_postings.amount_atomic')),
  };
}
