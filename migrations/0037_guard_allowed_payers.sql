select protect_by_book('allowed_payers');
--> statement-breakpoint
grant select, insert, delete on allowed_payers to tollbook_app;
--> statement-breakpoint
grant select on allowed_payers to tollbook_worker, tollbook_reader;
