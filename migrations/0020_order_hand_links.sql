CREATE TABLE "hand_links" (
	"book_id" integer NOT NULL,
	"hand_link_id" uuid NOT NULL,
	"discrepancy_id" uuid NOT NULL,
	"transfer_id" uuid NOT NULL,
	"intent_id" uuid NOT NULL,
	"actor_id" text NOT NULL,
	"reason" text NOT NULL,
	"done_at" timestamp with time zone,
	"refusal" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "hand_links_pkey" PRIMARY KEY("book_id","hand_link_id"),
	CONSTRAINT "hand_links_refused_is_done" CHECK (refusal is null or done_at is not null)
);
--> statement-breakpoint
ALTER TABLE "hand_links" ADD CONSTRAINT "hand_links_discrepancy_fk" FOREIGN KEY ("book_id","discrepancy_id") REFERENCES "public"."discrepancies"("book_id","discrepancy_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hand_links" ADD CONSTRAINT "hand_links_transfer_fk" FOREIGN KEY ("book_id","transfer_id") REFERENCES "public"."transfers"("book_id","transfer_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hand_links" ADD CONSTRAINT "hand_links_intent_fk" FOREIGN KEY ("book_id","intent_id") REFERENCES "public"."payment_intents"("book_id","intent_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "hand_links_pending" ON "hand_links" USING btree ("book_id","discrepancy_id") WHERE done_at is null;--> statement-breakpoint
CREATE INDEX "allocations_unmatched" ON "allocations" USING btree ("book_id","transfer_id") WHERE reversed_at is null and bucket in ('unmatched', 'dust');--> statement-breakpoint
CREATE INDEX "ledger_entries_effective" ON "ledger_entries" USING brin ("effective_at");