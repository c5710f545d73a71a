-- What carries a payment on after its claim goes to the database as it was decided: one statement for all that a
-- process decides at the same time, each from what the process knew of its payment. Nothing is judged here but that it
-- still knows it.

-- Events, their bodies, a delivery for each endpoint that wants to be told, and their outbox rows, in the order given.
create function insert_events(
  p_book_id integer[], p_event_id uuid[], p_type text[], p_intent_id uuid[], p_sequence integer[],
  p_from_status text[], p_to_status text[], p_cause_id uuid[], p_evidence text[], p_body_hash bytea[], p_body text[]
) returns void language plpgsql as $$
begin
  with drafts as (
    select * from unnest(p_book_id, p_event_id, p_type, p_intent_id, p_sequence, p_from_status, p_to_status, p_cause_id,
        p_evidence, p_body_hash, p_body) with ordinality
      as u (book_id, event_id, type, intent_id, sequence, from_status, to_status, cause_id, evidence, body_hash, body,
        place)
  ), told as (
    insert into events
      (book_id, event_id, type, intent_id, sequence, from_status, to_status, cause_id, evidence, body_hash)
    select d.book_id, d.event_id, d.type, d.intent_id, d.sequence, d.from_status, d.to_status, d.cause_id,
      d.evidence::jsonb, d.body_hash
    from drafts d
  ), bodies as (
    insert into event_bodies (book_id, event_id, body) select d.book_id, d.event_id, d.body from drafts d
  ), owed as (
    insert into deliveries (book_id, delivery_id, event_id, webhook_endpoint_id, next_attempt_at)
    select d.book_id, new_uuid_v7(), d.event_id, w.webhook_endpoint_id, now()
    from drafts d
    join webhook_endpoints w on w.book_id = d.book_id and w.is_enabled and w.events && array['*', d.type]
  )
  insert into outbox (book_id, event_id) select d.book_id, d.event_id from drafts d order by d.place;
end $$;
--> statement-breakpoint
revoke execute on function insert_events from public;
--> statement-breakpoint
grant execute on function insert_events to tollbook_app, tollbook_worker;
--> statement-breakpoint
-- Changes of one book's payments, in one commit: of each its intent and its attempt as they stood when the change was
-- decided (by the transactions that wrote the rows), and what is written of them. All or nothing: where a row is not as
-- it was any more, `payment_moved` is raised, and each change is decided anew from what stands.
--
-- Locks are taken as everywhere, the intents first and in one order. Answers the transaction that wrote the rows.
create function carry_payments(
  p_book_id integer,
  p_intent_id uuid[], p_intent_version xid[], p_attempt_id uuid[], p_attempt_version xid[],
  p_status text[], p_settle_mode text[], p_facilitator_id uuid[], p_tx_hash bytea[], p_lease_owner uuid[],
  p_lease_until timestamptz[], p_sent_at timestamptz[], p_last_sent_at timestamptz[], p_submitted_at timestamptz[],
  p_served_at timestamptz[],
  p_moved_id uuid[], p_moved_status text[], p_moved_sequence integer[],
  p_event_book_id integer[], p_event_id uuid[], p_event_type text[], p_event_intent_id uuid[],
  p_event_sequence integer[], p_from_status text[], p_to_status text[], p_cause_id uuid[], p_evidence text[],
  p_event_hash bytea[], p_event_body text[],
  p_answer_attempt_id uuid[], p_http_status smallint[], p_headers_sealed bytea[], p_body_sealed bytea[],
  p_expires_at timestamptz[]
) returns xid language plpgsql as $$
declare
  found_count integer;
begin
  perform set_config('tollbook.book_id', p_book_id::text, true);
  if cardinality(p_intent_id) > 1 then
    -- What one of them waits for, all wait for: the batch gives up, and each comes again alone.
    perform set_config('lock_timeout', '250ms', true);
  end if;

  perform from unnest(p_intent_id, p_intent_version) as u (intent_id, version)
  join payment_intents i on i.book_id = p_book_id and i.intent_id = u.intent_id and i.xmin = u.version
  order by i.intent_id
  for update of i;
  get diagnostics found_count = row_count;
  if found_count = cardinality(p_intent_id) then
    update attempts a
    set status = u.status, settle_mode = u.settle_mode, facilitator_id = u.facilitator_id, tx_hash = u.tx_hash,
      lease_owner = u.lease_owner, lease_until = u.lease_until, sent_at = u.sent_at, last_sent_at = u.last_sent_at,
      submitted_at = u.submitted_at, served_at = u.served_at, updated_at = now()
    from unnest(p_attempt_id, p_attempt_version, p_status, p_settle_mode, p_facilitator_id, p_tx_hash, p_lease_owner,
        p_lease_until, p_sent_at, p_last_sent_at, p_submitted_at, p_served_at)
      as u (attempt_id, version, status, settle_mode, facilitator_id, tx_hash, lease_owner, lease_until, sent_at,
        last_sent_at, submitted_at, served_at)
    where a.book_id = p_book_id and a.attempt_id = u.attempt_id and a.xmin = u.version;
    get diagnostics found_count = row_count;
  end if;
  if found_count < cardinality(p_intent_id) then
    raise exception 'a payment is not as it was when its change was decided'
      using errcode = 'restrict_violation', constraint = 'payment_moved';
  end if;

  if cardinality(p_moved_id) > 0 then
    update payment_intents i set status = u.status, sequence = u.sequence
    from unnest(p_moved_id, p_moved_status, p_moved_sequence) as u (intent_id, status, sequence)
    where i.book_id = p_book_id and i.intent_id = u.intent_id;
  end if;
  if cardinality(p_event_id) > 0 then
    perform insert_events(p_event_book_id, p_event_id, p_event_type, p_event_intent_id, p_event_sequence, p_from_status,
      p_to_status, p_cause_id, p_evidence, p_event_hash, p_event_body);
  end if;
  if cardinality(p_answer_attempt_id) > 0 then
    insert into paid_answers (book_id, attempt_id, http_status, headers_sealed, body_sealed, expires_at)
    select p_book_id, u.attempt_id, u.http_status, u.headers_sealed, u.body_sealed, u.expires_at
    from unnest(p_answer_attempt_id, p_http_status, p_headers_sealed, p_body_sealed, p_expires_at)
      as u (attempt_id, http_status, headers_sealed, body_sealed, expires_at)
    on conflict (book_id, attempt_id) do update
      set http_status = excluded.http_status, headers_sealed = excluded.headers_sealed,
        body_sealed = excluded.body_sealed, expires_at = excluded.expires_at;
  end if;
  return pg_current_xact_id()::xid;
end $$;
--> statement-breakpoint
revoke execute on function carry_payments from public;
--> statement-breakpoint
grant execute on function carry_payments to tollbook_app;
--> statement-breakpoint
-- As it was, but what is the first of its kind is answered in one row: the caller knows all that was written of it.
drop function claim_payments;
--> statement-breakpoint
-- Claims of one book that came at the same time, in one commit. All locks are taken first, kind by kind in the order in
-- which one claim takes them (the buyers' names, the invoices, the intents' rows, the keys), and within a kind in one
-- order: batches of other processes take them so too, and nobody waits in a ring. A payload that was shown before waits
-- for nobody.
--
-- Most are the first of everything: key, invoice and payer leave `claim_payment` nothing to judge, so they are written
-- together. Every other is judged there, as if it had come alone after these.
create function claim_payments(
  p_book_id integer, p_attempt_id uuid[], p_intent_id uuid[], p_network_id smallint[], p_asset_id integer[],
  p_replay_key bytea[], p_kind text[], p_payer bytea[], p_nonce bytea[], p_amount_atomic numeric[],
  p_valid_before timestamptz[], p_request_fingerprint bytea[], p_client_net bytea[], p_client text[],
  p_x402_version smallint[], p_payload_sealed bytea[], p_lease_owner uuid[], p_lease_ms integer[],
  p_invoice_id bytea[], p_source text[], p_terms_number bigint[], p_endpoint_id uuid[], p_price_version_id uuid[],
  p_intent_network_id smallint[], p_intent_asset_id integer[], p_wallet_id uuid[], p_intent_amount_atomic numeric[],
  p_fingerprint bytea[], p_expires_at timestamptz[], p_identifier text[]
) returns table (places integer[], outcome text, attempt attempts, can_be_taken_over boolean)
language plpgsql as $$
declare
  fresh_intents uuid[];
  fresh_names text[];
  written integer[];
  place integer;
  judged record;
begin
  perform set_config('tollbook.book_id', p_book_id::text, true);
  if cardinality(p_attempt_id) > 1 then
    -- What one of them waits for, all wait for: the batch gives up, and each comes again alone.
    perform set_config('lock_timeout', '250ms', true);
  end if;

  select array_agg(u.intent_id), array_agg(encode(u.payer, 'hex') || '/' || u.identifier)
  into fresh_intents, fresh_names
  from unnest(p_network_id, p_replay_key, p_intent_id, p_payer, p_identifier)
    as u (network_id, replay_key, intent_id, payer, identifier)
  where not exists (
    select from replay_keys k
    where k.book_id = p_book_id and k.network_id = u.network_id and k.replay_key = u.replay_key
  );
  perform pg_advisory_xact_lock(name.lock) from (
    select distinct hashtextextended('payment_identifier/' || p_book_id || '/' || u.name, 0) as lock
    from unnest(fresh_names) as u (name) where u.name is not null order by 1
  ) name;
  perform pg_advisory_xact_lock(invoice.lock) from (
    select distinct hashtextextended('claim_payment/' || p_book_id || '/' || u.intent_id, 0) as lock
    from unnest(fresh_intents) as u (intent_id) order by 1
  ) invoice;
  perform from payment_intents i
  where i.book_id = p_book_id and i.intent_id = any (fresh_intents)
  order by i.intent_id
  for update;

  with claims as (
    select u.*, row_number() over (partition by u.network_id, u.replay_key order by u.place) as nth_of_key,
      row_number() over (partition by u.intent_id order by u.place) as nth_of_intent
    from unnest(p_attempt_id, p_intent_id, p_network_id, p_asset_id, p_replay_key, p_kind, p_payer, p_nonce,
        p_amount_atomic, p_valid_before, p_request_fingerprint, p_client_net, p_client, p_x402_version,
        p_payload_sealed, p_lease_owner, p_lease_ms, p_invoice_id, p_source, p_terms_number, p_endpoint_id,
        p_price_version_id, p_intent_network_id, p_intent_asset_id, p_wallet_id, p_intent_amount_atomic,
        p_fingerprint, p_expires_at, p_identifier) with ordinality
      as u (attempt_id, intent_id, network_id, asset_id, replay_key, kind, payer, nonce,
        amount_atomic, valid_before, request_fingerprint, client_net, client, x402_version,
        payload_sealed, lease_owner, lease_ms, invoice_id, source, terms_number, endpoint_id,
        price_version_id, intent_network_id, intent_asset_id, wallet_id, intent_amount_atomic,
        fingerprint, expires_at, identifier, place)
  ), plain as materialized (
    select c.* from claims c
    where c.kind = 'authorization' and c.identifier is null and c.nth_of_key = 1 and c.nth_of_intent = 1
      and not exists (
        select from replay_keys k
        where k.book_id = p_book_id and k.network_id = c.network_id and k.replay_key = c.replay_key
      ) and not exists (
        select from payment_intents i where i.book_id = p_book_id and i.intent_id = c.intent_id
      ) and not exists (
        select from attempts a
        where a.book_id = p_book_id and a.payer = c.payer and a.status = 'unknown'
          and a.request_fingerprint = c.request_fingerprint
      )
  ), keys as (
    insert into replay_keys as k (book_id, network_id, replay_key, attempt_id)
    select p_book_id, c.network_id, c.replay_key, c.attempt_id from plain c order by c.network_id, c.replay_key
    on conflict do nothing
    returning k.attempt_id
  ), intents as (
    insert into payment_intents (book_id, intent_id, invoice_id, source, terms_number, endpoint_id, price_version_id,
      network_id, asset_id, wallet_id, amount_atomic, fingerprint, expires_at, payer)
    select p_book_id, c.intent_id, c.invoice_id, c.source, c.terms_number, c.endpoint_id, c.price_version_id,
      c.intent_network_id, c.intent_asset_id, c.wallet_id, c.intent_amount_atomic, c.fingerprint, c.expires_at,
      c.payer
    from plain c join keys k on k.attempt_id = c.attempt_id
  ), made as (
    insert into attempts as a (book_id, attempt_id, intent_id, network_id, asset_id, replay_key, kind, scheme, payer,
      nonce, amount_atomic, valid_before, request_fingerprint, client_net, client, x402_version, payload_sealed,
      status, epoch, lease_owner, lease_until)
    select p_book_id, c.attempt_id, c.intent_id, c.network_id, c.asset_id, c.replay_key, c.kind, 'exact', c.payer,
      c.nonce, c.amount_atomic, c.valid_before, c.request_fingerprint, c.client_net, c.client, c.x402_version,
      c.payload_sealed, 'claimed', 1, c.lease_owner, now() + c.lease_ms * interval '1 millisecond'
    from plain c join keys k on k.attempt_id = c.attempt_id
    returning a.attempt_id
  )
  select array_agg(c.place::integer order by c.place) into written
  from made m join plain c on c.attempt_id = m.attempt_id;
  if written is not null then
    places := written;
    outcome := 'first';
    return next;
    if cardinality(written) = cardinality(p_attempt_id) then
      return;
    end if;
  end if;

  for place in
    select u.place
    from unnest(p_network_id, p_replay_key) with ordinality as u (network_id, replay_key, place)
    where u.place <> all (coalesce(written, '{}'))
    order by u.network_id, u.replay_key, u.place
  loop
    select c.* into judged
    from claim_payment(
      p_book_id, p_attempt_id[place], p_intent_id[place], p_network_id[place], p_asset_id[place], p_replay_key[place],
      p_kind[place], p_payer[place], p_nonce[place], p_amount_atomic[place], p_valid_before[place],
      p_request_fingerprint[place], p_client_net[place], p_client[place], p_x402_version[place],
      p_payload_sealed[place], p_lease_owner[place], p_lease_ms[place] * interval '1 millisecond',
      p_invoice_id[place], p_source[place], p_terms_number[place], p_endpoint_id[place], p_price_version_id[place],
      p_intent_network_id[place], p_intent_asset_id[place], p_wallet_id[place], p_intent_amount_atomic[place],
      p_fingerprint[place], p_expires_at[place], p_identifier[place]) c;
    places := array[place];
    outcome := judged.outcome;
    attempt := judged.attempt;
    can_be_taken_over := judged.can_be_taken_over;
    return next;
  end loop;
end $$;
--> statement-breakpoint
revoke execute on function claim_payments from public;
--> statement-breakpoint
grant execute on function claim_payments to tollbook_app;
