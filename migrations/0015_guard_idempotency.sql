select protect_by_book(name) from unnest(array['idempotency_keys', 'api_key_uses']::regclass[]) name;
--> statement-breakpoint
-- A refused request gives its key back, so that its sender may mend it and use the key again.
grant select, insert, update, delete on idempotency_keys to tollbook_app;
--> statement-breakpoint
grant select, delete on idempotency_keys to tollbook_worker;
--> statement-breakpoint
grant select, insert, update on api_key_uses to tollbook_app;
--> statement-breakpoint
grant select on api_key_uses to tollbook_worker, tollbook_reader;
--> statement-breakpoint
-- As before, but an end that is still to come may move: a price that was planned is replaced, or comes at another time.
create or replace function guard_terms_version() returns trigger language plpgsql as $$
declare
  probe terms_versions := new;
begin
  probe.superseded_at := old.superseded_at;
  probe.revoked_at := old.revoked_at;
  if probe is distinct from old
    or (old.superseded_at is not null and new.superseded_at is distinct from old.superseded_at
      and (old.superseded_at <= now() or new.superseded_at is null or new.superseded_at < now()))
    or (old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at) then
    raise exception 'a terms version is ended once and never changed'
      using errcode = 'restrict_violation', table = tg_table_name, constraint = 'terms_versions_set_once';
  end if;
  return new;
end $$;
--> statement-breakpoint
-- As before, with the description among the frozen terms.
create or replace function guard_payment_intent() returns trigger language plpgsql as $$
declare
  broken text;
begin
  if (new.book_id, new.intent_id, new.invoice_id, new.source, new.terms_number, new.endpoint_id, new.price_version_id,
      new.plan_id, new.network_id, new.asset_id, new.wallet_id, new.amount_atomic, new.memo_ref, new.reference_key,
      new.fingerprint, new.order_id, new.metadata, new.description, new.expires_at, new.created_at)
    is distinct from
     (old.book_id, old.intent_id, old.invoice_id, old.source, old.terms_number, old.endpoint_id, old.price_version_id,
      old.plan_id, old.network_id, old.asset_id, old.wallet_id, old.amount_atomic, old.memo_ref, old.reference_key,
      old.fingerprint, old.order_id, old.metadata, old.description, old.expires_at, old.created_at) then
    broken := 'frozen_terms';
  elsif new.status <> old.status and not (old.status || '>' || new.status) = any (public.intent_moves()) then
    broken := 'moves';
  elsif new.sequence <> old.sequence + 1 and (new.sequence <> old.sequence or new.status <> old.status) then
    broken := 'next_sequence';
  elsif old.invoice_no is not null
    and (new.invoice_year, new.invoice_no) is distinct from (old.invoice_year, old.invoice_no) then
    broken := 'kept_number';
  else
    return new;
  end if;
  raise exception 'payment intent breaks % (% > %, sequence % > %)', broken, old.status, new.status, old.sequence,
    new.sequence
    using errcode = 'restrict_violation', table = tg_table_name, constraint = 'payment_intents_' || broken;
end $$;
--> statement-breakpoint
-- The first block of a network that no scan has read. The cursor is held until the caller commits, so the scan that
-- moves it finds the wallet that is added meanwhile. Null while no scan has begun. Runs as the owner: the api may not
-- change cursors, and holding a row asks for that.
create function hold_next_block(network_id smallint) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  select c.head_number + 1 from cursors c where c.network_id = hold_next_block.network_id for share
$$;
--> statement-breakpoint
revoke execute on function hold_next_block from public;
--> statement-breakpoint
grant execute on function hold_next_block to tollbook_app;
