-- Room on the page for the new version of a row that is updated, so that its index entries need not move.
alter table payment_intents set (fillfactor = 80);
--> statement-breakpoint
alter table attempts set (fillfactor = 70);
--> statement-breakpoint
alter table ledger_heads set (fillfactor = 50);
--> statement-breakpoint
alter table feed_heads set (fillfactor = 50);
--> statement-breakpoint
alter table invoice_counters set (fillfactor = 50);
--> statement-breakpoint
-- Small tables that turn over all day: vacuum by count, never by share.
alter table leases set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
--> statement-breakpoint
alter table cursors set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
--> statement-breakpoint
alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
--> statement-breakpoint
-- Append-only: vacuum keeps the visibility map, and with it index-only scans, true.
alter table ledger_entries set (autovacuum_vacuum_insert_scale_factor = 0.05);
--> statement-breakpoint
alter table ledger_postings set (autovacuum_vacuum_insert_scale_factor = 0.05);
--> statement-breakpoint
alter table events set (autovacuum_vacuum_insert_scale_factor = 0.05);
--> statement-breakpoint
alter table event_feed set (autovacuum_vacuum_insert_scale_factor = 0.05);
