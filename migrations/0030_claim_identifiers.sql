select protect_by_book('payment_identifiers');
--> statement-breakpoint
-- A name keeps its request for good, and goes over to another attempt only in the claim.
grant select, insert, update (attempt_id) on payment_identifiers to tollbook_app;
--> statement-breakpoint
grant select on payment_identifiers to tollbook_worker, tollbook_reader;
--> statement-breakpoint
drop function claim_payment;
--> statement-breakpoint
-- As in the migration that made it, with what the buyer calls its purchase. It answers besides
--   same_identifier            this payer named another payment for this request so, and it may have moved money
--   payment_identifier_reused  this payer named another request so
-- The name is locked first, then the invoice, the intent's row and the key: an order in which nobody waits in a ring.
create function claim_payment(
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

      if (intent.invoice_id, intent.source, intent.terms_number, intent.endpoint_id, intent.price_version_id,
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
--> statement-breakpoint
revoke execute on function claim_payment from public;
--> statement-breakpoint
grant execute on function claim_payment to tollbook_app;
