-- The one big table of telling that is dropped piece by piece: what each try sent and what came back.
create table delivery_attempts (
  book_id integer not null,
  delivery_attempt_id uuid not null,
  delivery_id uuid not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  http_status smallint,
  error text,
  timings jsonb,
  request_headers jsonb,
  response_headers jsonb,
  response_body text,
  constraint delivery_attempts_pkey primary key (book_id, delivery_attempt_id),
  constraint delivery_attempts_response_body_kept check (octet_length(response_body) <= 16384)
) partition by range (delivery_attempt_id);
--> statement-breakpoint
create index delivery_attempts_delivery on delivery_attempts (book_id, delivery_id);
--> statement-breakpoint
-- As in the migration that made it, with the attempts of deliveries.
create or replace function ensure_partitions(moment timestamptz) returns table (change text, partition_name text)
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
      ('delivery_attempts', interval '168 hours', interval '1440 hours', 8),
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
--> statement-breakpoint
alter table deliveries set (fillfactor = 80);
--> statement-breakpoint
-- A version 7 UUID of this moment, for rows that one statement makes by the number it finds.
create function new_uuid_v7() returns uuid language sql volatile parallel safe as $$
  select encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1),
    'hex')::uuid
$$;
--> statement-breakpoint
-- Generated from `deliveryMoves` in libs/domain; a test compares.
create function delivery_moves() returns text[] language sql immutable parallel safe as $$
  select array[
    'pending>delivered', 'pending>exhausted', 'pending>dropped',
    'delivered>pending', 'exhausted>pending', 'dropped>pending'
  ]
$$;
--> statement-breakpoint
create function guard_delivery() returns trigger language plpgsql as $$
declare
  broken text;
begin
  if (new.book_id, new.delivery_id, new.event_id, new.webhook_endpoint_id, new.created_at)
    is distinct from (old.book_id, old.delivery_id, old.event_id, old.webhook_endpoint_id, old.created_at) then
    broken := 'identity';
  elsif new.status <> old.status and not (old.status || '>' || new.status) = any (public.delivery_moves()) then
    broken := 'moves';
  elsif new.tries < old.tries and not (new.status = 'pending' and new.tries = 0) then
    broken := 'tries_rise';
  else
    return new;
  end if;
  raise exception 'delivery breaks % (% > %, tries % > %)', broken, old.status, new.status, old.tries, new.tries
    using errcode = 'restrict_violation', table = tg_table_name, constraint = 'deliveries_' || broken;
end $$;
--> statement-breakpoint
create trigger guard before update on deliveries for each row execute function guard_delivery();
--> statement-breakpoint
create trigger born before insert on deliveries for each row when (new.status <> 'pending' or new.tries <> 0)
  execute function refuse_change();
--> statement-breakpoint
create trigger no_delete before delete or truncate on deliveries for each statement execute function refuse_change();
--> statement-breakpoint
select protect_by_book(name) from unnest(array[
  'webhook_endpoints', 'webhook_secrets', 'deliveries', 'delivery_attempts'
]::regclass[]) name;
--> statement-breakpoint
-- The api configures, and makes the deliveries of its events; the worker makes those of its own and carries all out.
grant select, insert, update on webhook_endpoints, deliveries to tollbook_app;
--> statement-breakpoint
grant select, insert, update (expires_at) on webhook_secrets to tollbook_app;
--> statement-breakpoint
grant select, update (is_enabled, disabled_reason, failing_since) on webhook_endpoints to tollbook_worker;
--> statement-breakpoint
grant select on webhook_secrets to tollbook_worker;
--> statement-breakpoint
grant select, insert, update on deliveries, delivery_attempts to tollbook_worker;
--> statement-breakpoint
grant select on delivery_attempts to tollbook_app;
--> statement-breakpoint
-- The reader has everything but secrets.
grant select on webhook_endpoints, deliveries, delivery_attempts to tollbook_reader;
