-- Counters are worth nothing after a crash: they cost no WAL, and a crash forgives everybody.
alter table rate_limit_counters set unlogged;
--> statement-breakpoint
-- One row a caller, rewritten by each call: room on the page, and vacuum by count, never by share.
alter table rate_limit_counters set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
--> statement-breakpoint
alter table rate_limit_counts set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
--> statement-breakpoint
select protect_by_book(name) from unnest(array['rate_limit_overrides', 'rate_limit_counts']::regclass[]) name;
--> statement-breakpoint
grant select, insert, update, delete on rate_limit_overrides, rate_limit_counts, rate_limit_counters to tollbook_app;
--> statement-breakpoint
grant select on rate_limit_overrides, rate_limit_counts to tollbook_worker, tollbook_reader;
