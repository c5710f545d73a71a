select protect_by_book('gas_replacements');
--> statement-breakpoint
-- The worker replaces; what was signed may be sent for ever, so no row changes or goes.
grant select, insert on gas_replacements to tollbook_worker;
--> statement-breakpoint
grant select on gas_replacements to tollbook_app, tollbook_reader;
--> statement-breakpoint
create trigger append_only before update or delete or truncate on gas_replacements
  for each statement execute function refuse_change();
