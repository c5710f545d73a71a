select protect_by_book('tolerances');
--> statement-breakpoint
grant select, insert, update on tolerances to tollbook_app;
--> statement-breakpoint
grant select on tolerances to tollbook_worker, tollbook_reader;
