import type { EntryDraft } from '@tollbook/domain';
import { toDbTime } from '../mapping/column.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import type { Session } from '../session.js';

/** An entry with its place in its book's chain, and its postings with the numbers of their accounts. */
export type PlacedEntry = Omit<EntryDraft, 'postings'> & {
  readonly bookId: number;
  readonly entrySeq: bigint;
  readonly chainHash: Uint8Array;
  readonly postings: readonly {
    readonly debitAccountId: number;
    readonly creditAccountId: number;
    readonly assetId: number;
    readonly amountAtomic: bigint;
  }[];
};

/** Where a book's chain ends now. */
export type LedgerHead = { readonly bookId: number; readonly entrySeq: bigint; readonly chainHash: Uint8Array };

const statement = {
  name: 'insert_entries',
  text: `with entries as (
      insert into ledger_entries (book_id, entry_seq, kind, cause_kind, cause_id, intent_id, network_id, block_number,
        effective_at, local_day, period, chain_hash, facts_hash)
      select u.book_id, u.entry_seq, u.kind, u.cause_kind, u.cause_id, u.intent_id, u.network_id, u.block_number,
        u.effective_at, u.local_day, to_char(u.local_day, 'YYYY-MM'), u.chain_hash,
        u.facts_hash
      from unnest($1::integer[], $2::bigint[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::smallint[],
          $8::bigint[], $9::timestamptz[], $10::date[], $11::bytea[], $22::bytea[])
        as u (book_id, entry_seq, kind, cause_kind, cause_id, intent_id, network_id, block_number, effective_at,
          local_day, chain_hash, facts_hash)
    ), postings as (
      insert into ledger_postings (book_id, entry_seq, leg, debit_account_id, credit_account_id, asset_id,
        amount_atomic)
      select * from unnest($12::integer[], $13::bigint[], $14::smallint[], $15::integer[], $16::integer[],
        $17::integer[], $18::numeric[])
    )
    update ledger_heads h set entry_seq = u.entry_seq, chain_hash = u.chain_hash
    from unnest($19::integer[], $20::bigint[], $21::bytea[]) as u (book_id, entry_seq, chain_hash)
    where h.book_id = u.book_id`,
};

/** Writes entries with their postings, and moves the heads, which the caller holds locked. */
export async function insertEntries(
  session: Session,
  entries: readonly PlacedEntry[],
  heads: readonly LedgerHead[],
  networks: NetworkIds,
): Promise<void> {
  const postings = entries.flatMap(({ bookId, entrySeq, postings: own }) =>
    own.map((posting, leg) => ({ ...posting, bookId, entrySeq, leg })),
  );
  await session.run(statement, [
    entries.map((entry) => entry.bookId),
    entries.map((entry) => entry.entrySeq),
    entries.map((entry) => entry.kind),
    entries.map((entry) => entry.causeKind),
    entries.map((entry) => entry.causeId),
    entries.map((entry) => entry.intentId),
    entries.map((entry) => (entry.network === null ? null : networks.idOf(entry.network))),
    entries.map((entry) => entry.blockNumber),
    entries.map((entry) => toDbTime(entry.effectiveAtUnixSeconds * 1000)),
    entries.map((entry) => entry.localDay),
    entries.map((entry) => entry.chainHash),
    postings.map((posting) => posting.bookId),
    postings.map((posting) => posting.entrySeq),
    postings.map((posting) => posting.leg),
    postings.map((posting) => posting.debitAccountId),
    postings.map((posting) => posting.creditAccountId),
    postings.map((posting) => posting.assetId),
    postings.map((posting) => posting.amountAtomic),
    heads.map((head) => head.bookId),
    heads.map((head) => head.entrySeq),
    heads.map((head) => head.chainHash),
    entries.map((entry) => entry.factsHash),
  ]);
}
