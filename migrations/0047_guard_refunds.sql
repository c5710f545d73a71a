select protect_by_book('refunds');
--> statement-breakpoint
-- The api announces, names a transaction and cancels; the worker says how far the chain has it.
grant select, insert, update on refunds to tollbook_app;
--> statement-breakpoint
grant select, update on refunds to tollbook_worker;
--> statement-breakpoint
grant select on refunds to tollbook_reader;
--> statement-breakpoint
-- As `refundMoves` in libs/domain; a test compares.
create function refund_moves() returns text[] language sql immutable parallel safe as $$
  select array['recorded>confirmed', 'recorded>canceled', 'confirmed>final', 'confirmed>recorded']
$$;
--> statement-breakpoint
-- Whoever announces holds the payment meanwhile, so two of them cannot promise the same money.
create function guard_new_refund() returns trigger language plpgsql as $$
declare
  announced numeric;
  received numeric;
begin
  perform from payment_intents i where i.book_id = new.book_id and i.intent_id = new.intent_id for update;
  select coalesce(sum(r.amount_atomic), 0) into announced from refunds r
  where r.book_id = new.book_id and r.intent_id = new.intent_id and r.status <> 'canceled';
  select coalesce(sum(al.amount_atomic), 0) into received from allocations al
  where al.book_id = new.book_id and al.intent_id = new.intent_id and al.reversed_at is null and al.bucket <> 'refund';
  if new.status <> 'recorded' or announced > received then
    raise exception 'a refund gives back at most what came'
      using errcode = 'restrict_violation', table = tg_table_name, constraint = 'refunds_within_received';
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger born after insert on refunds for each row execute function guard_new_refund();
--> statement-breakpoint
create function guard_refund() returns trigger language plpgsql as $$
begin
  if (new.book_id, new.refund_id, new.intent_id, new.network_id, new.asset_id, new.to_address, new.amount_atomic,
      new.after_block, new.reason, new.actor_id, new.created_at)
    is distinct from
     (old.book_id, old.refund_id, old.intent_id, old.network_id, old.asset_id, old.to_address, old.amount_atomic,
      old.after_block, old.reason, old.actor_id, old.created_at)
    or (new.status <> old.status and not (old.status || '>' || new.status) = any (public.refund_moves())) then
    raise exception 'a refund keeps its terms and moves as listed (% > %)', old.status, new.status
      using errcode = 'restrict_violation', table = tg_table_name, constraint = 'refunds_guard';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger guard before update on refunds for each row execute function guard_refund();
--> statement-breakpoint
create trigger no_delete before delete or truncate on refunds for each statement execute function refuse_change();
