/**
 * What the sums must be, made from the rows that they sum: from entries, never from what was counted beside them. Tells
 * one row a part.
 */
export const countedParts = `select e.book_id, e.local_day as day, date_trunc('hour', e.effective_at, 'UTC') as hour, coalesce(pending.endpoint_id, '00000000-0000-0000-0000-000000000000')
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

/**
 * Attempts that failed. Their day is that of the zone the book has now: where it had another once, only the sum over all
 * days is what was counted.
 */
export const failedParts = `select a.book_id, (a.created_at at time zone b.time_zone)::date as day,
    date_trunc('hour', a.created_at, 'UTC') as hour,
    coalesce(i.endpoint_id, '00000000-0000-0000-0000-000000000000') as endpoint_id, a.network_id, a.asset_id,
    'failed' as outcome, a.reason, 1 as count, a.amount_atomic
  from attempts a
  join payment_intents i on i.book_id = a.book_id and i.intent_id = a.intent_id
  join books b on b.book_id = a.book_id
  where a.status = 'failed'`;

/** What payers paid, by the address that the money came from. */
export const payerParts = `select e.book_id, e.local_day as day, t.from_address as payer, e.network_id, p.asset_id,
        case when e.kind like 'partial%' then 0 else part.sign end as count, part.sign * p.amount_atomic as amount_atomic
      from ledger_entries e
      join ledger_postings p on p.book_id = e.book_id and p.entry_seq = e.entry_seq
      join allocations al on al.book_id = e.book_id and al.allocation_id = e.cause_id
      join transfers t on t.book_id = al.book_id and t.transfer_id = al.transfer_id
      join (values ('payment_confirmed', 1), ('payment_confirmed_reversed', -1), ('partial_confirmed', 1),
        ('partial_confirmed_reversed', -1)) as part (kind, sign) on part.kind = e.kind`;

/** How many payers of a day had last paid on which, made from the sums of payers. */
export const recencyParts = `select book_id, day, previous_day, count(*) as payers
  from (
    select book_id, day, coalesce(lag(day) over (partition by book_id, payer order by day), '-infinity') as previous_day
    from (select distinct book_id, payer, day from rollup_payers where amount_atomic > 0) paid
  ) followed
  group by book_id, day, previous_day`;

/** What accounts were debited and credited. */
export const accountParts = `select p.book_id, e.local_day as day, side.account_id, p.asset_id, side.debit_atomic,
    side.credit_atomic
  from ledger_postings p
  join ledger_entries e on e.book_id = p.book_id and e.entry_seq = p.entry_seq
  cross join lateral (
    values (p.debit_account_id, p.amount_atomic, 0::numeric), (p.credit_account_id, 0::numeric, p.amount_atomic)
  ) side (account_id, debit_atomic, credit_atomic)`;
