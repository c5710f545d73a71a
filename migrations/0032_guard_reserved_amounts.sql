select protect_by_book('reserved_amounts');
--> statement-breakpoint
-- The api promises; whoever ends an intent lets its amount rest, and nobody takes a promise back.
grant select, insert, update on reserved_amounts to tollbook_app;
--> statement-breakpoint
grant select, update (free_at) on reserved_amounts to tollbook_worker;
--> statement-breakpoint
grant select on reserved_amounts to tollbook_reader;
--> statement-breakpoint
-- As before, with the promised amount set once.
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
  elsif old.reserved_atomic is not null and new.reserved_atomic is distinct from old.reserved_atomic then
    broken := 'kept_amount';
  else
    return new;
  end if;
  raise exception 'payment intent breaks % (% > %, sequence % > %)', broken, old.status, new.status, old.sequence,
    new.sequence
    using errcode = 'restrict_violation', table = tg_table_name, constraint = 'payment_intents_' || broken;
end $$;
--> statement-breakpoint
-- As before; without an attempt there is nothing that a payment undone by a reorg could be processing.
create or replace function intent_moves() returns text[] language sql immutable parallel safe as $$
  select array[
    'open>processing', 'open>confirmed', 'open>failed', 'open>expired', 'open>canceled',
    'failed>processing',
    'processing>confirmed', 'processing>unknown', 'processing>failed', 'processing>open', 'processing>expired',
    'unknown>processing', 'unknown>confirmed', 'unknown>failed', 'unknown>open', 'unknown>expired',
    'confirmed>final', 'confirmed>processing', 'confirmed>open'
  ]
$$;
--> statement-breakpoint
-- Money may still come for an intent that has ended, so its amount names no other for a day.
create function rest_reserved_amount() returns trigger language plpgsql as $$
begin
  update reserved_amounts
  set free_at = case when new.status in ('open', 'processing', 'unknown') then null else now() + interval '24 hours' end
  where book_id = new.book_id and intent_id = new.intent_id;
  return null;
end $$;
--> statement-breakpoint
create trigger rest_amount after update of status on payment_intents for each row
  when (new.reserved_atomic is not null and old.status is distinct from new.status)
  execute function rest_reserved_amount();
--> statement-breakpoint
-- A promise is given to another intent when its time is over, never before.
create function guard_reserved_amount() returns trigger language plpgsql as $$
begin
  if new.intent_id <> old.intent_id and (old.free_at is null or old.free_at > now()) then
    raise exception 'an amount is promised to one intent at a time'
      using errcode = 'restrict_violation', table = tg_table_name, constraint = 'reserved_amounts_kept';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger guard before update on reserved_amounts for each row execute function guard_reserved_amount();
--> statement-breakpoint
create trigger no_delete before delete or truncate on reserved_amounts
  for each statement execute function refuse_change();
--> statement-breakpoint
create or replace function claim_payment(
  p_book_id integer, p_attempt_id uuid, p_intent_id uuid, p_network_id smallint, p_asset_id integer,
  p_replay_key bytea, p_kind text, p_payer bytea, p_nonce bytea, p_amount_atomic numeric, p_valid_before timestamptz,
  p_request_fingerprint bytea, p_client_net bytea, p_client text, p_x402_version smallint, p_payload_sealed bytea,
  p_lease_owner uuid, p_lease interval,
  p_invoice_id bytea, p_source text, p_terms_number bigint, p_endpoint_id uuid, p_price_version_id uuid,
  p_intent_network_id smallint, p_intent_asset_id integer, p_wallet_id uuid, p_intent_amount_atomic numeric,
  p_fingerprint bytea, p_expires_at timestamptz, p_identifier text,
  out outcome text, out attempt attempts, out can_be_taken_over boolean
) language plpgsql as $$
declare
  intent payment_intents;
  named payment_identifiers;
  has_intent boolean;
begin
  perform set_config('tollbook.book_id', p_book_id::text, true);
  for tries in 1 .. 3 loop
    outcome := null;

    select a.* into attempt
    from replay_keys k join attempts a on a.book_id = k.book_id and a.attempt_id = k.attempt_id
    where k.book_id = p_book_id and k.network_id = p_network_id and k.replay_key = p_replay_key;
    if found then
      outcome := 'existing';
      exit;
    end if;

    if p_identifier is not null then
      perform pg_advisory_xact_lock(hashtextextended(
        'payment_identifier/' || p_book_id || '/' || encode(p_payer, 'hex') || '/' || p_identifier, 0));
      select n.* into named from payment_identifiers n
      where n.book_id = p_book_id and n.payer = p_payer and n.identifier = p_identifier;
      if found then
        if named.request_fingerprint <> p_request_fingerprint then
          outcome := 'payment_identifier_reused';
          exit;
        end if;
        select a.* into attempt from attempts a
        where a.book_id = p_book_id and a.attempt_id = named.attempt_id and a.status <> 'failed';
        if found then
          outcome := case when attempt.network_id = p_network_id and attempt.replay_key = p_replay_key
            then 'existing' else 'same_identifier' end;
          exit;
        end if;
      end if;
    end if;

    perform pg_advisory_xact_lock(hashtextextended('claim_payment/' || p_book_id || '/' || p_intent_id, 0));
    select i.* into intent from payment_intents i
    where i.book_id = p_book_id and i.intent_id = p_intent_id for update;
    has_intent := found;

    if has_intent then
      if intent.status = 'canceled' then outcome := 'invoice_canceled'; exit; end if;
      if intent.status = 'expired' then outcome := 'offer_expired'; exit; end if;

      select a.* into attempt from attempts a
      where a.book_id = p_book_id and a.intent_id = p_intent_id and a.status <> 'failed';
      if found then
        if attempt.network_id = p_network_id and attempt.replay_key = p_replay_key then
          outcome := 'existing';
        elsif attempt.payer is not distinct from p_payer then
          outcome := case when attempt.request_fingerprint is not distinct from p_request_fingerprint
            then 'same_invoice' else 'offer_already_used' end;
        else
          outcome := case when attempt.status in ('submitted', 'confirmed', 'final')
            then 'invoice_already_paid' else 'invoice_in_progress' end;
        end if;
        exit;
      end if;
      if intent.status in ('confirmed', 'final') then
        outcome := case when intent.payer is not distinct from p_payer
          then 'offer_already_used' else 'invoice_already_paid' end;
        exit;
      end if;

      -- An offer that was opened on the pay page is still the offer that it was.
      if (intent.invoice_id, replace(intent.source, 'pay_page', 'gate'), intent.terms_number, intent.endpoint_id, intent.price_version_id,
          intent.expires_at)
        is distinct from (p_invoice_id, p_source, p_terms_number, p_endpoint_id, p_price_version_id, p_expires_at) then
        outcome := 'terms_differ';
        exit;
      end if;
      -- An earlier try on this invoice fixed its network; a fresh offer is free to name another.
      if (intent.network_id, intent.asset_id, intent.wallet_id, intent.amount_atomic)
        is distinct from (p_intent_network_id, p_intent_asset_id, p_wallet_id, p_intent_amount_atomic) then
        outcome := 'offer_already_used';
        exit;
      end if;
    end if;

    select a.* into attempt from attempts a
    where a.book_id = p_book_id and a.payer = p_payer and a.status = 'unknown'
      and a.request_fingerprint = p_request_fingerprint
    order by a.attempt_id desc limit 1;
    if found then
      outcome := 'other_invoice';
      exit;
    end if;

    insert into replay_keys (book_id, network_id, replay_key, attempt_id)
    values (p_book_id, p_network_id, p_replay_key, p_attempt_id)
    on conflict do nothing;
    -- Another claim of the same payload won meanwhile: it is read again from the top.
    continue when not found;

    if has_intent then
      update payment_intents i set payer = p_payer
      where i.book_id = p_book_id and i.intent_id = p_intent_id and i.payer is distinct from p_payer;
    else
      insert into payment_intents (book_id, intent_id, invoice_id, source, terms_number, endpoint_id, price_version_id,
        network_id, asset_id, wallet_id, amount_atomic, fingerprint, expires_at, payer)
      values (p_book_id, p_intent_id, p_invoice_id, p_source, p_terms_number, p_endpoint_id, p_price_version_id,
        p_intent_network_id, p_intent_asset_id, p_wallet_id, p_intent_amount_atomic, p_fingerprint, p_expires_at,
        p_payer);
    end if;
    insert into attempts (book_id, attempt_id, intent_id, network_id, asset_id, replay_key, kind, scheme, payer, nonce,
      amount_atomic, valid_before, request_fingerprint, client_net, client, x402_version, payload_sealed, status, epoch,
      lease_owner, lease_until)
    values (p_book_id, p_attempt_id, p_intent_id, p_network_id, p_asset_id, p_replay_key, p_kind, 'exact', p_payer,
      p_nonce, p_amount_atomic, p_valid_before, p_request_fingerprint, p_client_net, p_client, p_x402_version,
      p_payload_sealed, 'claimed', 1, p_lease_owner, now() + p_lease)
    returning * into attempt;
    if p_identifier is not null then
      insert into payment_identifiers (book_id, payer, identifier, attempt_id, request_fingerprint)
      values (p_book_id, p_payer, p_identifier, p_attempt_id, p_request_fingerprint)
      on conflict on constraint payment_identifiers_pkey do update set attempt_id = excluded.attempt_id;
    end if;
    outcome := 'claimed';
    can_be_taken_over := false;
    return;
  end loop;

  if outcome is null then
    raise exception 'the replay key was taken and released again and again' using errcode = 'serialization_failure';
  end if;
  if outcome not in ('existing', 'same_invoice', 'other_invoice', 'same_identifier') then
    attempt := null;
    return;
  end if;
  can_be_taken_over := attempt.lease_owner is null or attempt.lease_until < now() or not exists (
    select from gate_processes g
    where g.boot_id = attempt.lease_owner and g.seen_at > now() - interval '10 seconds'
  );
end $$;
