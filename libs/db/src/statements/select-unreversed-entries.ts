import type { PostingOfEntryRow } from '../mapping/entry.mapping.js';
import type { Session } from '../session.js';

const statement = {
  name: 'select_unreversed_entries',
  text: `select e.book_id, e.entry_seq, e.kind, e.cause_id, e.intent_id, e.network_id, e.block_number,
      e.effective_at, e.local_day::text as local_day, e.facts_hash,
      d.code as debit_code, d.endpoint_id as debit_endpoint_id, d.wallet_id as debit_wallet_id,
      c.code as credit_code, c.endpoint_id as credit_endpoint_id, c.wallet_id as credit_wallet_id,
      p.asset_id, p.amount_atomic
    from unnest($1::integer[], $2::uuid[]) as u (book_id, allocation_id)
    join ledger_entries e on e.book_id = u.book_id and e.cause_id = u.allocation_id and e.cause_kind = 'allocation'
    join ledger_postings p on p.book_id = e.book_id and p.entry_seq = e.entry_seq
    join ledger_accounts d on d.book_id = p.book_id and d.account_id = p.debit_account_id
    join ledger_accounts c on c.book_id = p.book_id and c.account_id = p.credit_account_id
    where (e.kind like '%\\_confirmed' or e.kind like '%\\_final')
      and not exists (
        select from ledger_entries r
        where r.book_id = e.book_id and r.cause_id = e.cause_id and r.kind = e.kind || '_reversed'
      )
    order by e.book_id, e.entry_seq, p.leg`,
};

/** Postings of the entries that allocations caused and that nothing undid. */
export async function selectUnreversedEntries(
  session: Session,
  allocations: readonly { readonly bookId: number; readonly allocationId: string }[],
): Promise<PostingOfEntryRow[]> {
  const values = [allocations.map((each) => each.bookId), allocations.map((each) => each.allocationId)];
  return (await session.run<PostingOfEntryRow>(statement, values)).rows;
}
