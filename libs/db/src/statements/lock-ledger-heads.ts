import type { Session } from '../session.js';

/** The end of a book's chain of hashes. */
export type LedgerHeadRow = { readonly book_id: number; readonly entry_seq: bigint; readonly chain_hash: Uint8Array };

const lock = {
  name: 'lock_ledger_heads',
  text: `select h.book_id, h.entry_seq, h.chain_hash from ledger_heads h
    where h.book_id = any($1::integer[]) order by h.book_id for update`,
};

const insert = {
  name: 'insert_ledger_heads',
  text: `insert into ledger_heads (book_id) select u.book_id from unnest($1::integer[]) as u (book_id)
    order by u.book_id on conflict (book_id) do nothing`,
};

/** Locks the heads of books in order; a book that has none gets its first. Who posts next waits for this dbTx. */
export async function lockLedgerHeads(session: Session, bookIds: readonly number[]): Promise<LedgerHeadRow[]> {
  const { rows } = await session.run<LedgerHeadRow>(lock, [bookIds]);
  if (rows.length === bookIds.length) return rows;
  await session.run(insert, [bookIds]);
  return (await session.run<LedgerHeadRow>(lock, [bookIds])).rows;
}
