CREATE TABLE "webhook_recoveries" (
	"book_id" integer NOT NULL,
	"webhook_recovery_id" uuid NOT NULL,
	"webhook_endpoint_id" uuid NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"total" integer NOT NULL,
	"resent" integer DEFAULT 0 NOT NULL,
	"done_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhook_recoveries_pkey" PRIMARY KEY("book_id","webhook_recovery_id"),
	CONSTRAINT "webhook_recoveries_counts_not_negative" CHECK (total >= 0 and resent >= 0)
);
--> statement-breakpoint
ALTER TABLE "webhook_recoveries" ADD CONSTRAINT "webhook_recoveries_endpoint_fk" FOREIGN KEY ("book_id","webhook_endpoint_id") REFERENCES "public"."webhook_endpoints"("book_id","webhook_endpoint_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_recoveries_running" ON "webhook_recoveries" USING btree ("book_id","webhook_endpoint_id") WHERE done_at is null;--> statement-breakpoint
CREATE INDEX "webhook_recoveries_endpoint" ON "webhook_recoveries" USING btree ("book_id","webhook_endpoint_id","webhook_recovery_id");