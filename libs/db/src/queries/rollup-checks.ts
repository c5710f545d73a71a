/**
 * What the sums must be, made from the rows that they sum: from entries, never from what was counted beside them. Tells
 * one row a part.
 */
const counted = `select e.book_id, e.local_day as day, date_trunc('hour', e.effective_at, 'UTC') as hour, coalesce(pending.endpoint_id, '00000000-0000-0000-0000-000000000000')
    as endpoint_id, e.network_id, p.asset_id, part.outcome,
    case when e.kind like 'partial%' then 0 else part.sign end as count, part.sign * p.amount_atomic as amount_atomic
  from ledger_entries e
  join ledger_postings p on p.book_id = e.book_id and p.entry_seq = e.entry_seq
  left join ledger_accounts pending on pending.book_id = p.book_id and pending.kind = 'pending'
    and pending.account_id in (p.debit_account_id, p.credit_account_id)
  join (values
    ('payment_confirmed', 'confirmed', 1), ('payment_confirmed_reversed', 'confirmed', -1),
    ('payment_final', 'confirmed', -1), ('payment_final', 'final', 1),
    ('payment_final_reversed', 'confirmed', 1), ('payment_final_reversed', 'final', -1),
    ('partial_confirmed', 'confirmed', 1), ('partial_confirmed_reversed', 'confirmed', -1),
    ('partial_final', 'confirmed', -1), ('partial_final', 'final', 1),
    ('partial_final_reversed', 'confirmed', 1), ('partial_final_reversed', 'final', -1),
    ('late_confirmed', 'late', 1), ('late_confirmed_reversed', 'late', -1),
    ('overpayment_confirmed', 'overpayment', 1), ('overpayment_confirmed_reversed', 'overpayment', -1),
    ('duplicate_confirmed', 'duplicate', 1), ('duplicate_confirmed_reversed', 'duplicate', -1),
    ('unmatched_confirmed', 'unmatched', 1), ('unmatched_confirmed_reversed', 'unmatched', -1),
    ('dust_confirmed', 'dust', 1), ('dust_confirmed_reversed', 'dust', -1)
  ) as part (kind, outcome, sign) on part.kind = e.kind`;

/** Without their day, which is that of the zone the book had then. */
const failed = `select a.book_id, coalesce(i.endpoint_id, '00000000-0000-0000-0000-000000000000') as endpoint_id, a.network_id,
    a.asset_id, a.reason, 1 as count, a.amount_atomic
  from attempts a join payment_intents i on i.book_id = a.book_id and i.intent_id = a.intent_id
  where a.status = 'failed'`;

/** Sums of `held` and of what they must be, by `keys`: rows where they differ, told by those keys. */
function differing(keys: string, held: string, parts: string): string {
  return `select book_id, concat_ws('/', ${keys}) as id from (
      select book_id, ${keys}, count, amount_atomic from (${held}) held
      union all select book_id, ${keys}, -count, -amount_atomic from (${parts}) parts
    ) both_sides
    group by book_id, ${keys} having sum(count) <> 0 or sum(amount_atomic) <> 0`;
}

/** Checks that the kept sums are what the rows add up to; told as contradictions of the books. */
export const rollupChecks: Readonly<Record<string, string>> = {
  rollup_books_differ: differing(
    'day, network_id, asset_id, outcome',
    `select * from day_totals where outcome <> 'failed'`,
    counted,
  ),
  rollup_days_differ: differing(
    'day, endpoint_id, network_id, asset_id, outcome',
    `select * from endpoint_totals where outcome <> 'failed'`,
    counted,
  ),
  /** Those that are kept long enough for no clock to matter. */
  rollup_hours_differ: differing(
    'hour, endpoint_id, network_id, asset_id, outcome',
    `select * from rollup_hours where outcome <> 'failed' and hour >= now() - interval '13 days'`,
    `select * from (${counted}) counted where hour >= now() - interval '13 days'`,
  ),
  rollup_failures_differ: differing(
    'endpoint_id, network_id, asset_id',
    `select * from endpoint_totals where outcome = 'failed'`,
    failed,
  ),
  rollup_book_failures_differ: differing(
    'network_id, asset_id',
    `select * from day_totals where outcome = 'failed'`,
    failed,
  ),
  rollup_reasons_differ: differing('endpoint_id, asset_id, reason', 'select * from reason_totals', failed),
  rollup_payers_differ: differing(
    'day, payer, network_id, asset_id',
    'select * from rollup_payers',
    `select e.book_id, e.local_day as day, t.from_address as payer, e.network_id, p.asset_id,
        case when e.kind like 'partial%' then 0 else part.sign end as count, part.sign * p.amount_atomic as amount_atomic
      from ledger_entries e
      join ledger_postings p on p.book_id = e.book_id and p.entry_seq = e.entry_seq
      join allocations al on al.book_id = e.book_id and al.allocation_id = e.cause_id
      join transfers t on t.book_id = al.book_id and t.transfer_id = al.transfer_id
      join (values ('payment_confirmed', 1), ('payment_confirmed_reversed', -1), ('partial_confirmed', 1),
        ('partial_confirmed_reversed', -1)) as part (kind, sign) on part.kind = e.kind`,
  ),
  rollup_recency_differ: `select book_id, concat_ws('/', day, previous_day) as id from (
      select book_id, day, previous_day, payers from rollup_recency
      union all
      select book_id, day, coalesce(lag(day) over (partition by book_id, payer order by day), '-infinity'), -1
      from (select distinct book_id, payer, day from rollup_payers where amount_atomic > 0) paid
    ) both_sides
    group by book_id, day, previous_day having sum(payers) <> 0`,
  rollup_accounts_differ: `select book_id, concat_ws('/', day, account_id, asset_id) as id from (
      select book_id, day, account_id, asset_id, debit_atomic, credit_atomic from rollup_accounts
      union all
      select p.book_id, e.local_day, side.account_id, p.asset_id, side.debit_atomic, side.credit_atomic
      from ledger_postings p
      join ledger_entries e on e.book_id = p.book_id and e.entry_seq = p.entry_seq
      cross join lateral (
        values (p.debit_account_id, -p.amount_atomic, 0::numeric), (p.credit_account_id, 0::numeric, -p.amount_atomic)
      ) side (account_id, debit_atomic, credit_atomic)
    ) both_sides
    group by book_id, day, account_id, asset_id having sum(debit_atomic) <> 0 or sum(credit_atomic) <> 0`,
};
