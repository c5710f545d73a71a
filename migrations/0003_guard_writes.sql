-- The second lock behind the privileges. Every refusal is a restrict_violation (23001) that names its rule as the
-- constraint: <table>_<trigger>, or for the guards <table>_<what was broken>.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% refuses % (%)', tg_table_name, lower(tg_op), tg_name
    using errcode = 'restrict_violation', table = tg_table_name, constraint = tg_table_name || '_' || tg_name;
end $$;
--> statement-breakpoint
do $$
declare
  name text;
begin
  foreach name in array array['ledger_entries', 'ledger_postings', 'events', 'price_versions', 'price_amounts'] loop
    execute format('create trigger append_only before update or delete or truncate on %I
      for each statement execute function refuse_change()', name);
  end loop;
  foreach name in array array['transfers', 'payment_intents', 'attempts', 'allocations'] loop
    execute format('create trigger no_delete before delete or truncate on %I
      for each statement execute function refuse_change()', name);
  end loop;
end $$;
--> statement-breakpoint
-- Terms are append-only but for the two moments that end them, each set once.
create trigger append_only before delete or truncate on terms_versions
  for each statement execute function refuse_change();
--> statement-breakpoint
create function guard_terms_version() returns trigger language plpgsql as $$
declare
  probe terms_versions := new;
begin
  probe.superseded_at := old.superseded_at;
  probe.revoked_at := old.revoked_at;
  if probe is distinct from old
    or (old.superseded_at is not null and new.superseded_at is distinct from old.superseded_at)
    or (old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at) then
    raise exception 'a terms version is ended once and never changed'
      using errcode = 'restrict_violation', table = tg_table_name, constraint = 'terms_versions_set_once';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger guard before update on terms_versions for each row execute function guard_terms_version();
--> statement-breakpoint
-- A transfer's facts never change; a fork orphans it, and clears that when the chain returns to the very block.
create function guard_transfer() returns trigger language plpgsql as $$
declare
  probe transfers := new;
begin
  probe.orphaned_at := old.orphaned_at;
  if probe is distinct from old then
    raise exception 'a transfer can only be orphaned, or found again'
      using errcode = 'restrict_violation', table = tg_table_name, constraint = 'transfers_only_orphan';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger only_orphan before update on transfers for each row execute function guard_transfer();
--> statement-breakpoint
-- An allocation ends by reversal, once; what it was stays.
create function guard_allocation() returns trigger language plpgsql as $$
declare
  probe allocations := new;
begin
  probe.reversed_at := old.reversed_at;
  if probe is distinct from old or (old.reversed_at is not null and new.reversed_at is distinct from old.reversed_at) then
    raise exception 'an allocation can only be reversed, once'
      using errcode = 'restrict_violation', table = tg_table_name, constraint = 'allocations_only_reverse';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger only_reverse before update on allocations for each row execute function guard_allocation();
--> statement-breakpoint
-- A replay key leaves when its attempt is released before anything was sent, and never otherwise. Looked at when the
-- statement is over, so one statement may do both.
create trigger append_only before update or truncate on replay_keys
  for each statement execute function refuse_change();
--> statement-breakpoint
create function guard_replay_key() returns trigger language plpgsql as $$
begin
  if not exists (
    select from attempts a
    where a.book_id = old.book_id and a.attempt_id = old.attempt_id and a.released_at is not null and a.sent_at is null
  ) then
    raise exception 'a replay key leaves only with the release of its attempt'
      using errcode = 'restrict_violation', table = tg_table_name, constraint = 'replay_keys_release_only';
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger release_only after delete on replay_keys for each row execute function guard_replay_key();
--> statement-breakpoint
-- The closed table of moves, as `from>to`. Generated from `intentMoves` and `attemptMoves` in libs/domain; a test
-- compares, and prints these two functions anew when the domain moved on.
create function intent_moves() returns text[] language sql immutable parallel safe as $$
  select array[
    'open>processing', 'open>confirmed', 'open>failed', 'open>expired', 'open>canceled',
    'failed>processing',
    'processing>confirmed', 'processing>unknown', 'processing>failed', 'processing>open', 'processing>expired',
    'unknown>processing', 'unknown>confirmed', 'unknown>failed', 'unknown>open', 'unknown>expired',
    'confirmed>final', 'confirmed>processing'
  ]
$$;
--> statement-breakpoint
create function attempt_moves() returns text[] language sql immutable parallel safe as $$
  select array[
    'claimed>verified', 'claimed>failed', 'claimed>submitting', 'claimed>submitted',
    'verified>failed', 'verified>submitting',
    'submitting>submitted', 'submitting>unknown', 'submitting>confirmed', 'submitting>failed',
    'submitted>unknown', 'submitted>confirmed', 'submitted>failed',
    'unknown>submitted', 'unknown>confirmed', 'unknown>failed',
    'confirmed>final', 'confirmed>submitted'
  ]
$$;
--> statement-breakpoint
create function guard_payment_intent() returns trigger language plpgsql as $$
declare
  broken text;
begin
  if (new.book_id, new.intent_id, new.invoice_id, new.source, new.terms_number, new.endpoint_id, new.price_version_id,
      new.plan_id, new.network_id, new.asset_id, new.wallet_id, new.amount_atomic, new.memo_ref, new.reference_key,
      new.fingerprint, new.order_id, new.metadata, new.expires_at, new.created_at)
    is distinct from
     (old.book_id, old.intent_id, old.invoice_id, old.source, old.terms_number, old.endpoint_id, old.price_version_id,
      old.plan_id, old.network_id, old.asset_id, old.wallet_id, old.amount_atomic, old.memo_ref, old.reference_key,
      old.fingerprint, old.order_id, old.metadata, old.expires_at, old.created_at) then
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
create trigger guard before update on payment_intents for each row execute function guard_payment_intent();
--> statement-breakpoint
-- Offers are born silently; a stored intent tells its first event.
create trigger born before insert on payment_intents for each row
  when (new.status <> 'open' or new.sequence not in (0, 1) or new.invoice_no is not null
    or new.amount_refunded_atomic <> 0)
  execute function refuse_change();
--> statement-breakpoint
create function guard_attempt() returns trigger language plpgsql as $$
declare
  broken text;
begin
  if (new.book_id, new.attempt_id, new.intent_id, new.network_id, new.asset_id, new.replay_key, new.kind, new.scheme,
      new.nonce, new.amount_atomic, new.valid_before, new.request_fingerprint, new.client_net, new.client,
      new.x402_version, new.created_at)
    is distinct from
     (old.book_id, old.attempt_id, old.intent_id, old.network_id, old.asset_id, old.replay_key, old.kind, old.scheme,
      old.nonce, old.amount_atomic, old.valid_before, old.request_fingerprint, old.client_net, old.client,
      old.x402_version, old.created_at)
    or (old.payer is not null and new.payer is distinct from old.payer)
    or (old.last_valid_height is not null and new.last_valid_height is distinct from old.last_valid_height) then
    broken := 'identity';
  elsif old.sent_at is not null and new.sent_at is distinct from old.sent_at then
    broken := 'sent_once';
  elsif old.released_at is not null and new.released_at is distinct from old.released_at then
    broken := 'released_once';
  elsif new.status <> old.status and not (old.status || '>' || new.status) = any (public.attempt_moves()) then
    broken := 'moves';
  elsif new.epoch < old.epoch then
    broken := 'epoch_rises';
  elsif old.gas_nonce is not null
    and (new.gas_signer_id, new.gas_nonce) is distinct from (old.gas_signer_id, old.gas_nonce) then
    broken := 'gas_nonce_once';
  else
    return new;
  end if;
  raise exception 'attempt breaks % (% > %, epoch % > %)', broken, old.status, new.status, old.epoch, new.epoch
    using errcode = 'restrict_violation', table = tg_table_name, constraint = 'attempts_' || broken;
end $$;
--> statement-breakpoint
create trigger guard before update on attempts for each row execute function guard_attempt();
--> statement-breakpoint
-- Born by a claim; a shown transaction has nothing to send and is born as submitted.
create trigger born before insert on attempts for each row
  when ((new.status <> 'claimed' and not (new.kind = 'transfer' and new.status = 'submitted')) or new.epoch <> 1
    or new.released_at is not null)
  execute function refuse_change();
