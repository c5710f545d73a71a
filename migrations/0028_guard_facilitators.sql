select protect_by_book('facilitators');
--> statement-breakpoint
-- The api configures them and asks them; only it reads credentials. What was sent to one is never sent to another.
grant select, insert, update on facilitators to tollbook_app;
--> statement-breakpoint
grant select (book_id, facilitator_id, kind, name, url, auth, position, verifies_first, trusts_refusals,
  allows_plain_http, is_enabled, archived_at, created_at) on facilitators to tollbook_worker, tollbook_reader;
--> statement-breakpoint
-- As in the migration that made it, and whom an attempt was sent to is written once.
create or replace function guard_attempt() returns trigger language plpgsql as $$
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
  elsif old.facilitator_id is not null and new.facilitator_id is distinct from old.facilitator_id then
    broken := 'facilitator_once';
  else
    return new;
  end if;
  raise exception 'attempt breaks % (% > %, epoch % > %)', broken, old.status, new.status, old.epoch, new.epoch
    using errcode = 'restrict_violation', table = tg_table_name, constraint = 'attempts_' || broken;
end $$;
