ALTER TABLE "attempts" ADD COLUMN "settle_mode" text DEFAULT 'after' NOT NULL;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "rerun_count" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_settle_mode_listed" CHECK (settle_mode in ('after', 'before'));--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_rerun_count_range" CHECK (rerun_count >= 0);