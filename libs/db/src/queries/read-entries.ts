import type { CausedPostingRow, EntryPostingRow } from '../mapping/stored-entry.mapping.js';
import type { Session } from '../session.js';

/** An end of a book's chain of hashes, and the last entry that there is at that moment. */
export type HeadRow = {
  readonly entry_seq: bigint | null;
  readonly chain_hash: Uint8Array | null;
  readonly last_entry_seq: bigint | null;
};

const columns = `e.entry_seq, e.kind, e.cause_kind, e.cause_id, e.intent_id, n.caip2, e.block_number, e.effective_at,
  e.local_day, e.chain_hash, e.facts_hash, p.leg, debit.code as debit_code, credit.code as credit_code, p.asset_id, p.amount_atomic`;

/** An entry without postings is told too: it is broken, and whoever checks the chain has to see it. */
const joins = `left join networks n on n.network_id = e.network_id
  left join ledger_postings p on p.book_id = e.book_id and p.entry_seq = e.entry_seq
  left join ledger_accounts debit on debit.book_id = p.book_id and debit.account_id = p.debit_account_id
  left join ledger_accounts credit on credit.book_id = p.book_id and credit.account_id = p.credit_account_id`;

/** The rows that caused an entry, as they are now; all null where an allocation is gone, or was never its cause. */
const causes = `al.allocation_id, al.transfer_id as allocated_transfer_id, al.leg as allocation_leg,
  al.intent_id as allocated_intent_id, al.bucket, al.amount_atomic as allocated_atomic, al.matched_by, al.actor_id, al.refund_id, al.forgiven_atomic,
  t.transfer_id, tn.caip2 as transfer_caip2, t.block_number as transfer_block_number, t.block_hash, t.block_time,
  t.tx_hash, t.position, t.asset_id as transfer_asset_id, t.from_address, t.to_address, t.from_wallet_id, t.to_wallet_id,
  t.amount_atomic as transfer_atomic, t.replay_key`;

const after = {
  name: 'read_entries_after',
  text: `select ${columns}, ${causes}
    from (
      select * from ledger_entries where book_id = $1 and entry_seq > $2 order by entry_seq limit $3
    ) e
    ${joins}
    left join allocations al
      on al.book_id = e.book_id and al.allocation_id = e.cause_id and e.cause_kind = 'allocation'
    left join transfers t on t.book_id = al.book_id and t.transfer_id = al.transfer_id
    left join networks tn on tn.network_id = t.network_id
    order by e.entry_seq, p.leg`,
};

const ofIntent = {
  name: 'read_entries_of_intent',
  text: `select ${columns}
    from ledger_entries e
    ${joins}
    where e.book_id = $1 and e.intent_id = $2
    order by e.entry_seq, p.leg`,
};

const head = {
  name: 'read_ledger_head',
  text: `select h.entry_seq, h.chain_hash, last.entry_seq as last_entry_seq
    from (select max(e.entry_seq) as entry_seq from ledger_entries e where e.book_id = $1) last
    left join ledger_heads h on h.book_id = $1`,
};

/** Entries above a place in order with what caused them, one row a posting; `limit` counts entries. */
export async function readEntriesAfter(
  session: Session,
  bookId: number,
  afterSeq: bigint,
  limit: number,
): Promise<CausedPostingRow[]> {
  return (await session.run<CausedPostingRow>(after, [bookId, afterSeq, limit])).rows;
}

/** Entries of an intent in order, one row a posting. */
export async function readEntriesOfIntent(
  session: Session,
  bookId: number,
  intentId: string,
): Promise<EntryPostingRow[]> {
  return (await session.run<EntryPostingRow>(ofIntent, [bookId, intentId])).rows;
}

/** Where a book's chain ends; null before its first entry. */
export async function readLedgerHead(session: Session, bookId: number): Promise<HeadRow | null> {
  const [row] = (await session.run<HeadRow>(head, [bookId])).rows;
  return row && (row.entry_seq !== null || row.last_entry_seq !== null) ? row : null;
}
