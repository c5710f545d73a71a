select protect_by_book('webhook_recoveries');
--> statement-breakpoint
-- The api orders, the worker carries out; nobody takes an order back.
grant select, insert on webhook_recoveries to tollbook_app;
--> statement-breakpoint
grant select, update (resent, done_at) on webhook_recoveries to tollbook_worker;
--> statement-breakpoint
grant select on webhook_recoveries to tollbook_reader;
