-- Tables that are dropped piece by piece, never deleted from. drizzle-kit cannot make them; their types stand in
-- libs/db/src/partitioned-tables.ts. No foreign keys: dropping a partition must not lock what it would point at.
create table paid_answers (
  book_id integer not null,
  attempt_id uuid not null,
  http_status smallint not null,
  headers_sealed bytea not null,
  body_sealed bytea,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint paid_answers_pkey primary key (book_id, attempt_id),
  constraint paid_answers_http_status_range check (http_status between 100 and 599)
) partition by range (attempt_id);
--> statement-breakpoint
create table event_bodies (
  book_id integer not null,
  event_id uuid not null,
  body text not null,
  constraint event_bodies_pkey primary key (book_id, event_id)
) partition by range (event_id);
--> statement-breakpoint
create table schedule_runs (
  schedule_run_id uuid not null,
  name text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  outcome text,
  counts jsonb,
  created_at timestamptz not null default now(),
  constraint schedule_runs_pkey primary key (schedule_run_id),
  constraint schedule_runs_finished_has_outcome check (num_nonnulls(finished_at, outcome) in (0, 2))
) partition by range (schedule_run_id);
--> statement-breakpoint
-- The least UUIDv7 of a moment: its milliseconds in the first 48 bits, zeros after.
create function uuid_at(moment timestamptz) returns uuid language sql immutable strict parallel safe as $$
  select (lpad(to_hex(floor(extract(epoch from moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;
--> statement-breakpoint
-- Makes the partitions around `moment` and drops those whose time is over. The paid path writes here and may not queue
-- behind us: a new partition is made beside its parent and then attached, and a drop that has to wait is left for the
-- next call. Nothing is dropped by a clock that runs ahead of the database's.
create function ensure_partitions(moment timestamptz) returns table (change text, partition_name text)
language plpgsql security definer set search_path = public, pg_temp set timezone = 'UTC' set lock_timeout = '2s' as $$
declare
  part record;
  lower_bound timestamptz;
begin
  perform pg_advisory_xact_lock(hashtext('tollbook.ensure_partitions'));
  for part in
    select * from (values
      ('paid_answers', interval '24 hours', interval '72 hours', 14),
      ('event_bodies', interval '168 hours', interval '1440 hours', 8),
      ('schedule_runs', interval '168 hours', interval '1440 hours', 8)
    ) as parts (parent, period, keep, ahead)
  loop
    -- From one period back, for ids made by a clock that is behind. 2024-01-01 was a Monday.
    lower_bound := date_bin(part.period, moment, timestamptz '2024-01-01') - part.period;
    for i in 0 .. part.ahead + 1 loop
      partition_name := part.parent || '_' || to_char(lower_bound, 'YYYYMMDD');
      if to_regclass(partition_name) is null then
        execute format('create table %I (like %I including all)', partition_name, part.parent);
        execute format('alter table %I attach partition %I for values from (%L) to (%L)', part.parent, partition_name,
          uuid_at(lower_bound), uuid_at(lower_bound + part.period));
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
