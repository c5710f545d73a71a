-- Who changed what belongs to a merchant, so it is seen by the merchant that the transaction names.
create function protect_by_merchant(name regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', name);
  execute format('alter table %s force row level security', name);
  execute format('create policy one_merchant on %s to tollbook_app, tollbook_reader
    using (merchant_id = (select nullif(current_setting(''tollbook.merchant_id'', true), '''')::uuid))', name);
  execute format('create policy all_merchants on %s to tollbook_worker using (true)', name);
end $$;
--> statement-breakpoint
select protect_by_merchant(name) from unnest(array['audit_log', 'audit_heads']::regclass[]) name;
--> statement-breakpoint
revoke execute on function protect_by_merchant from public;
--> statement-breakpoint
create trigger append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_change();
--> statement-breakpoint
alter table audit_heads set (fillfactor = 50);
--> statement-breakpoint
grant select, insert on audit_log to tollbook_app, tollbook_worker;
--> statement-breakpoint
grant select, insert, update on audit_heads to tollbook_app, tollbook_worker;
--> statement-breakpoint
grant select on audit_log, audit_heads to tollbook_reader;
