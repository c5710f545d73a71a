select protect_by_book('hand_links');
--> statement-breakpoint
-- The api orders, the worker carries out; nobody takes an order back.
grant select, insert on hand_links to tollbook_app;
--> statement-breakpoint
grant select, update (done_at, refusal) on hand_links to tollbook_worker;
--> statement-breakpoint
grant select on hand_links to tollbook_reader;
