import type { EntryPostingRow } from '../mapping/stored-entry.mapping.js';
import type { Session } from '../session.js';

/** An end of a book's chain of hashes. */
export type HeadRow = { readonly entry_seq: bigint; readonly chain_hash: Uint8Array };

const columns = `e.entry_seq, e.kind, e.cause_kind, e.cause_id, e.intent_id, n.caip2, e.block_number, e.effective_at,
  e.local_day, e.chain_hash, p.leg, debit.code as debit_code, credit.code as credit_code, p.asset_id, p.amount_atomic`;

/** An entry without postings is told too: it is broken, and whoever checks the chain has to see it. */
const joins = `left join networks n on n.network_id = e.network_id
  left join ledger_postings p on p.book_id = e.book_id and p.entry_seq = e.entry_seq
  left join ledger_accounts debit on debit.book_id = p.book_id and debit.account_id = p.debit_account_id
  left join ledger_accounts credit on credit.book_id = p.book_id and credit.account_id = p.credit_account_id`;

const after = {
  name: 'read_entries_after',
  text: `select ${columns}
    from (
      select * from ledger_entries where book_id = $1 and entry_seq > $2 order by entry_seq limit $3
    ) e
    ${joins}
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
  text: `select h.entry_seq, h.chain_hash from ledger_heads h where h.book_id = $1`,
};

/** Entries above a place in order, one row a posting; `limit` counts entries. */
export async function readEntriesAfter(
  session: Session,
  bookId: number,
  afterSeq: bigint,
  limit: number,
): Promise<EntryPostingRow[]> {
  return (await session.run<EntryPostingRow>(after, [bookId, afterSeq, limit])).rows;
}

/** Entries of an intent in order, one row a posting. */
export async function readEntriesOfIntent(
  session: Session,
  bookId: number,
  intentId: string,
): Promise<EntryPostingRow[]> {
  return (await session.run<EntryPostingRow>(ofIntent, [bookId, intentId])).rows;
}

/** Where a book's chain ends, or null before its first entry. */
export async function readLedgerHead(session: Session, bookId: number): Promise<HeadRow | null> {
  return (await session.run<HeadRow>(head, [bookId])).rows[0] ?? null;
}
