import type { Session } from '../session.js';
import { rollupChecks } from './rollup-checks.js';

export type ContradictionRow = { readonly what: string; readonly book_id: number; readonly id: string };

/** What rows of several tables say together and cannot both be true. Each tells `book_id` and the row's `id` as text. */
const checks: Readonly<Record<string, string>> = {
  /** Every transfer that was reconciled stands in buckets to its last unit (I02, I06). */
  allocations_do_not_sum: `select t.book_id, t.transfer_id::text as id
    from transfers t
    join cursors c on c.network_id = t.network_id and c.lane = 0 and t.block_number <= c.confirmed_number
    left join allocations al on al.book_id = t.book_id and al.transfer_id = t.transfer_id and al.reversed_at is null
    where t.orphaned_at is null and t.amount_atomic > 0
    group by t.book_id, t.transfer_id, t.amount_atomic
    having coalesce(sum(al.amount_atomic), 0) <> t.amount_atomic`,

  orphaned_transfer_allocated: `select distinct t.book_id, t.transfer_id::text as id
    from transfers t
    join allocations al on al.book_id = t.book_id and al.transfer_id = t.transfer_id and al.reversed_at is null
    where t.orphaned_at is not null`,

  allocation_not_posted: `select al.book_id, al.allocation_id::text as id
    from allocations al
    where al.reversed_at is null and not exists (
      select from ledger_entries e
      where e.book_id = al.book_id and e.cause_id = al.allocation_id and e.kind = al.bucket || '_confirmed'
    )`,

  /** Whoever was promised an amount is told by it, and by no other. */
  reserved_amount_differs: `select r.book_id, r.intent_id::text as id
    from reserved_amounts r
    join payment_intents i on i.book_id = r.book_id and i.intent_id = r.intent_id
    where (i.network_id, i.asset_id, i.wallet_id, i.reserved_atomic)
        is distinct from (r.network_id, r.asset_id, r.wallet_id, r.amount_atomic)
      or (r.free_at is null) <> (i.status in ('open', 'processing', 'unknown'))`,

  /** Money of a payment that is at or below the final height is income. */
  final_not_posted: `select al.book_id, al.allocation_id::text as id
    from allocations al
    join transfers t on t.book_id = al.book_id and t.transfer_id = al.transfer_id
    join cursors c on c.network_id = t.network_id and c.lane = 0 and t.block_number <= c.final_number
    where al.reversed_at is null and al.bucket in ('payment', 'partial') and not exists (
      select from ledger_entries e
      where e.book_id = al.book_id and e.cause_id = al.allocation_id and e.kind = al.bucket || '_final'
    )`,

  /** Exactly the reversed allocations have reversed entries. */
  reversal_and_entries_differ: `select al.book_id, al.allocation_id::text as id
    from allocations al
    join ledger_entries e
      on e.book_id = al.book_id and e.cause_id = al.allocation_id and e.kind = al.bucket || '_confirmed'
    left join ledger_entries r
      on r.book_id = al.book_id and r.cause_id = al.allocation_id and r.kind = e.kind || '_reversed'
    where (al.reversed_at is null) <> (r.entry_seq is null)`,

  /** What was given back of a payment is what its refunds moved, to the last unit. */
  refunds_do_not_sum: `select i.book_id, i.intent_id::text as id
    from payment_intents i
    left join refunds r on r.book_id = i.book_id and r.intent_id = i.intent_id and r.status in ('confirmed', 'final')
    group by i.book_id, i.intent_id, i.amount_refunded_atomic
    having coalesce(sum(r.amount_atomic), 0) <> i.amount_refunded_atomic`,

  refund_and_allocations_differ: `select r.book_id, r.refund_id::text as id
    from refunds r
    left join allocations al on al.book_id = r.book_id and al.refund_id = r.refund_id and al.reversed_at is null
    group by r.book_id, r.refund_id, r.transfer_id, r.amount_atomic
    having coalesce(sum(al.amount_atomic), 0) <> case when r.transfer_id is null then 0 else r.amount_atomic end
      or coalesce(bool_or(al.transfer_id <> r.transfer_id), false)`,

  /** No more is given back than came (I09). */
  refunded_over_received: `select r.book_id, r.intent_id::text as id
    from refunds r
    where r.status <> 'canceled'
    group by r.book_id, r.intent_id
    having sum(r.amount_atomic) > (
      select coalesce(sum(al.amount_atomic), 0) from allocations al
      where al.book_id = r.book_id and al.intent_id = r.intent_id and al.reversed_at is null and al.bucket <> 'refund'
    )`,

  entry_without_postings: `select e.book_id, e.entry_seq::text as id
    from ledger_entries e
    where not exists (select from ledger_postings p where p.book_id = e.book_id and p.entry_seq = e.entry_seq)`,

  entry_period_differs: `select e.book_id, e.entry_seq::text as id
    from ledger_entries e
    where e.period <> to_char(e.local_day, 'YYYY-MM')`,

  /** An account's kind and owner follow from its code, which the entries' hashes cover. The id is the code. */
  account_differs: `select account.book_id, account.code as id
    from ledger_accounts account
    left join wallets w on w.book_id = account.book_id and w.wallet_id = account.wallet_id
    left join networks n on n.network_id = w.network_id
    where account.kind <> case split_part(account.code, ':', 1)
        when 'assets' then 'asset'
        when 'liabilities' then 'liability'
        when 'expenses' then 'expense'
        else split_part(account.code, ':', 1)
      end
      or (account.code like 'assets:wallet:%') <> (account.wallet_id is not null)
      or lower(account.code) <> 'assets:wallet:' || n.caip2 || ':0x' || encode(w.address, 'hex')
      or (account.endpoint_id is not null) <> (account.code ~ '^(pending|income):' and account.code !~ ':none$')`,

  paid_without_invoice_number: `select i.book_id, i.intent_id::text as id
    from payment_intents i
    where i.status in ('confirmed', 'final') and i.invoice_no is null`,

  /** The id is the year and the number that follows the gap. */
  invoice_number_gap: `select book_id, invoice_year || '/' || invoice_no as id
    from (
      select i.book_id, i.invoice_year, i.invoice_no, lag(i.invoice_no, 1, 0) over (
        partition by i.book_id, i.invoice_year order by i.invoice_no
      ) as previous_no
      from payment_intents i
      where i.invoice_no is not null
    ) numbered
    where invoice_no <> previous_no + 1`,

  /** The id is the year and the number that the next one follows. */
  invoice_counter_wrong: `select c.book_id, c.invoice_year || '/' || c.last_no as id
    from invoice_counters c
    left join payment_intents i on i.book_id = c.book_id and i.invoice_year = c.invoice_year
    group by c.book_id, c.invoice_year, c.last_no
    having max(i.invoice_no) is distinct from c.last_no`,

  attempt_paid_without_money: `select a.book_id, a.attempt_id::text as id
    from attempts a
    where a.status in ('confirmed', 'final') and not exists (
      select from allocations al
      where al.book_id = a.book_id and al.intent_id = a.intent_id and al.bucket in ('payment', 'partial')
        and al.reversed_at is null
    )`,

  /** No wallet gave what it never had. The id is the account's code. */
  wallet_balance_negative: `select account.book_id, account.code as id
    from ledger_accounts account
    join (
      select p.book_id, side.account_id, p.asset_id, sum(side.amount_atomic) as balance_atomic
      from ledger_postings p
      cross join lateral (
        values (p.debit_account_id, p.amount_atomic), (p.credit_account_id, -p.amount_atomic)
      ) side (account_id, amount_atomic)
      group by p.book_id, side.account_id, p.asset_id
    ) balance on balance.book_id = account.book_id and balance.account_id = account.account_id
    where account.wallet_id is not null and balance.balance_atomic < 0`,

  ...rollupChecks,
};

const statement = {
  name: 'read_contradictions',
  text: `${Object.entries(checks)
    .map(([what, text]) => `(select '${what}' as what, book_id, id from (${text}) found order by book_id, id limit $1)`)
    .join('\nunion all\n')}
    limit $1`,
};

/** Rows that contradict one another, at most `limit` of them; none when the books hold. Reads every table whole. */
export async function readContradictions(session: Session, limit: number): Promise<ContradictionRow[]> {
  return (await session.run<ContradictionRow>(statement, [limit])).rows;
}
