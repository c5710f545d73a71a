-- Counts of offers and refusals, and samples of the latter: dropped piece by piece, as in partition_tables.
create table offer_counts (
  book_id integer not null,
  minute timestamptz not null,
  endpoint_id uuid not null,
  kind text not null,
  reason text not null,
  client text not null,
  x402_version smallint not null,
  count bigint not null,
  constraint offer_counts_pkey primary key (book_id, minute, endpoint_id, kind, reason, client, x402_version),
  constraint offer_counts_kind_listed check (kind in ('offered', 'refused')),
  constraint offer_counts_count_positive check (count > 0)
) partition by range (minute);
--> statement-breakpoint
create table refusal_samples (
  book_id integer not null,
  refusal_sample_id uuid not null,
  endpoint_id uuid not null,
  reason text not null,
  client text not null,
  evidence jsonb not null,
  created_at timestamptz not null default now(),
  constraint refusal_samples_pkey primary key (book_id, refusal_sample_id)
) partition by range (refusal_sample_id);
--> statement-breakpoint
-- As it was, with two more tables; one of them is cut by time itself.
create or replace function ensure_partitions(moment timestamptz) returns table (change text, partition_name text)
language plpgsql security definer set search_path = public, pg_temp set timezone = 'UTC' set lock_timeout = '2s' as $$
declare
  part record;
  lower_bound timestamptz;
begin
  perform pg_advisory_xact_lock(hashtext('tollbook.ensure_partitions'));
  for part in
    select * from (values
      ('paid_answers', interval '24 hours', interval '72 hours', 14, false),
      ('event_bodies', interval '168 hours', interval '1440 hours', 8, false),
      ('delivery_attempts', interval '168 hours', interval '1440 hours', 8, false),
      ('schedule_runs', interval '168 hours', interval '1440 hours', 8, false),
      ('offer_counts', interval '720 hours', interval '2160 hours', 2, true),
      ('refusal_samples', interval '24 hours', interval '720 hours', 14, false)
    ) as parts (parent, period, keep, ahead, is_by_time)
  loop
    -- From one period back, for ids made by a clock that is behind. 2024-01-01 was a Monday.
    lower_bound := date_bin(part.period, moment, timestamptz '2024-01-01') - part.period;
    for i in 0 .. part.ahead + 1 loop
      partition_name := part.parent || '_' || to_char(lower_bound, 'YYYYMMDD');
      if to_regclass(partition_name) is null then
        execute format('create table %I (like %I including all)', partition_name, part.parent);
        if part.is_by_time then
          execute format('alter table %I attach partition %I for values from (%L) to (%L)', part.parent, partition_name,
            lower_bound, lower_bound + part.period);
        else
          execute format('alter table %I attach partition %I for values from (%L) to (%L)', part.parent, partition_name,
            uuid_at(lower_bound), uuid_at(lower_bound + part.period));
        end if;
        change := 'created';
        return next;
      end if;
      lower_bound := lower_bound + part.period;
    end loop;
    for partition_name in
      select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = to_regclass(part.parent)
      order by c.relname
    loop
      -- Here, not in the query: a planner that knows the catalog's size may read names of other tables before the join.
      continue when to_timestamp(right(partition_name, 8), 'YYYYMMDD') + part.period + part.keep >= least(moment, now());
      begin
        set local lock_timeout = '200ms';
        execute format('drop table %I', partition_name);
        set local lock_timeout = '2s';
        change := 'dropped';
        return next;
      exception when lock_not_available then
        exit;
      end;
    end loop;
  end loop;
end $$;
--> statement-breakpoint
select protect_by_book(name) from unnest(array[
  'rollup_books', 'rollup_days', 'rollup_hours', 'rollup_reasons', 'rollup_payers', 'rollup_accounts', 'rollup_deltas',
  'offer_counts', 'refusal_samples'
]::regclass[]) name;
--> statement-breakpoint
-- The worker keeps the sums; the api only appends to what is folded in later, so that it never waits for a sum's row.
grant select, insert, update on rollup_books, rollup_days, rollup_reasons, rollup_payers, rollup_accounts
  to tollbook_worker;
--> statement-breakpoint
grant select, insert, update, delete on rollup_hours to tollbook_worker;
--> statement-breakpoint
-- `update` only so that rows can be picked `for update skip locked`.
grant select, update, delete on rollup_deltas to tollbook_worker;
--> statement-breakpoint
grant select on rollup_books, rollup_days, rollup_hours, rollup_reasons, rollup_payers, rollup_accounts
  to tollbook_app, tollbook_reader;
--> statement-breakpoint
grant select, insert on rollup_deltas to tollbook_app;
--> statement-breakpoint
grant select on rollup_deltas to tollbook_reader;
--> statement-breakpoint
grant select, insert, update on offer_counts to tollbook_app;
--> statement-breakpoint
grant select, insert on refusal_samples to tollbook_app;
--> statement-breakpoint
grant select on offer_counts, refusal_samples to tollbook_reader;
--> statement-breakpoint
-- What readers ask: the sums, with what is appended but not folded in yet. With the invoker's rights, so that policies
-- hold; exact at every commit.
create view day_totals with (security_invoker) as
  select book_id, day, network_id, asset_id, outcome, count, amount_atomic from rollup_books
  union all
  select book_id, day, network_id, asset_id, outcome, count, amount_atomic from rollup_deltas;
--> statement-breakpoint
create view endpoint_totals with (security_invoker) as
  select book_id, day, endpoint_id, network_id, asset_id, outcome, count, amount_atomic from rollup_days
  union all
  select book_id, day, endpoint_id, network_id, asset_id, outcome, count, amount_atomic from rollup_deltas;
--> statement-breakpoint
create view reason_totals with (security_invoker) as
  select book_id, day, endpoint_id, reason, asset_id, count, amount_atomic from rollup_reasons
  union all
  select book_id, day, endpoint_id, reason, asset_id, count, amount_atomic from rollup_deltas
  where reason is not null;
--> statement-breakpoint
grant select on day_totals, endpoint_totals, reason_totals to tollbook_app, tollbook_worker, tollbook_reader;
--> statement-breakpoint
-- Rows that are rewritten all day keep room for their next version.
alter table rollup_books set (fillfactor = 60);
--> statement-breakpoint
alter table rollup_days set (fillfactor = 60);
--> statement-breakpoint
alter table rollup_hours set (fillfactor = 60);
--> statement-breakpoint
alter table rollup_reasons set (fillfactor = 60);
--> statement-breakpoint
alter table rollup_payers set (fillfactor = 60);
--> statement-breakpoint
alter table rollup_accounts set (fillfactor = 60);
--> statement-breakpoint
alter table rollup_deltas set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
--> statement-breakpoint
-- Books that are older than the sums: what their entries and failed attempts add up to.
insert into rollup_days (book_id, day, endpoint_id, network_id, asset_id, outcome, count, amount_atomic)
select e.book_id, e.local_day, coalesce(pending.endpoint_id, '00000000-0000-0000-0000-000000000000'), e.network_id,
  p.asset_id, part.outcome, sum(case when e.kind like 'partial%' then 0 else part.sign end),
  sum(part.sign * p.amount_atomic)
from ledger_entries e
join ledger_postings p on p.book_id = e.book_id and p.entry_seq = e.entry_seq
left join ledger_accounts pending on pending.book_id = p.book_id and pending.kind = 'pending'
  and pending.account_id in (p.debit_account_id, p.credit_account_id)
cross join lateral (
  select case when e.kind like '%_reversed' then -1 else 1 end as factor, split_part(e.kind, '_', 1) as bucket
) kind
join (values
  ('payment', 'confirmed', 'confirmed', 1), ('payment', 'final', 'confirmed', -1), ('payment', 'final', 'final', 1),
  ('partial', 'confirmed', 'confirmed', 1), ('partial', 'final', 'confirmed', -1), ('partial', 'final', 'final', 1),
  ('late', 'confirmed', 'late', 1), ('overpayment', 'confirmed', 'overpayment', 1),
  ('duplicate', 'confirmed', 'duplicate', 1), ('unmatched', 'confirmed', 'unmatched', 1), ('dust', 'confirmed', 'dust', 1)
) as step (bucket, step, outcome, sign) on step.bucket = kind.bucket and step.step = split_part(e.kind, '_', 2)
cross join lateral (select step.outcome, step.sign * kind.factor as sign) part
group by 1, 2, 3, 4, 5, 6;
--> statement-breakpoint
insert into rollup_days (book_id, day, endpoint_id, network_id, asset_id, outcome, count, amount_atomic)
select a.book_id, (a.created_at at time zone b.time_zone)::date,
  coalesce(i.endpoint_id, '00000000-0000-0000-0000-000000000000'), a.network_id, a.asset_id, 'failed', count(*),
  sum(a.amount_atomic)
from attempts a
join books b on b.book_id = a.book_id
join payment_intents i on i.book_id = a.book_id and i.intent_id = a.intent_id
where a.status = 'failed'
group by 1, 2, 3, 4, 5;
--> statement-breakpoint
insert into rollup_books (book_id, day, network_id, asset_id, outcome, count, amount_atomic)
select book_id, day, network_id, asset_id, outcome, sum(count), sum(amount_atomic) from rollup_days group by 1, 2, 3, 4, 5;
--> statement-breakpoint
insert into rollup_reasons (book_id, day, endpoint_id, reason, asset_id, count, amount_atomic)
select a.book_id, (a.created_at at time zone b.time_zone)::date,
  coalesce(i.endpoint_id, '00000000-0000-0000-0000-000000000000'), a.reason, a.asset_id, count(*), sum(a.amount_atomic)
from attempts a
join books b on b.book_id = a.book_id
join payment_intents i on i.book_id = a.book_id and i.intent_id = a.intent_id
where a.status = 'failed'
group by 1, 2, 3, 4, 5;
--> statement-breakpoint
insert into rollup_payers (book_id, day, payer, network_id, asset_id, count, amount_atomic)
select e.book_id, e.local_day, t.from_address, e.network_id, p.asset_id,
  sum(case when e.kind like 'partial%' then 0 else part.sign end), sum(part.sign * p.amount_atomic)
from ledger_entries e
join ledger_postings p on p.book_id = e.book_id and p.entry_seq = e.entry_seq
join allocations al on al.book_id = e.book_id and al.allocation_id = e.cause_id
join transfers t on t.book_id = al.book_id and t.transfer_id = al.transfer_id
join (values ('payment_confirmed', 1), ('payment_confirmed_reversed', -1), ('partial_confirmed', 1),
  ('partial_confirmed_reversed', -1)) as part (kind, sign) on part.kind = e.kind
group by 1, 2, 3, 4, 5;
--> statement-breakpoint
insert into rollup_accounts (book_id, day, account_id, asset_id, debit_atomic, credit_atomic)
select p.book_id, e.local_day, side.account_id, p.asset_id, sum(side.debit_atomic), sum(side.credit_atomic)
from ledger_postings p
join ledger_entries e on e.book_id = p.book_id and e.entry_seq = p.entry_seq
cross join lateral (
  values (p.debit_account_id, p.amount_atomic, 0::numeric), (p.credit_account_id, 0::numeric, p.amount_atomic)
) side (account_id, debit_atomic, credit_atomic)
group by 1, 2, 3, 4;
