CREATE TABLE "refunds" (
	"book_id" integer NOT NULL,
	"refund_id" uuid NOT NULL,
	"intent_id" uuid NOT NULL,
	"network_id" smallint NOT NULL,
	"asset_id" integer NOT NULL,
	"to_address" "bytea" NOT NULL,
	"amount_atomic" numeric(78, 0) NOT NULL,
	"status" text DEFAULT 'recorded' NOT NULL,
	"returned_atomic" numeric(78, 0) DEFAULT 0 NOT NULL,
	"tx_hash" "bytea",
	"after_block" bigint NOT NULL,
	"transfer_id" uuid,
	"reason" text NOT NULL,
	"actor_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "refunds_pkey" PRIMARY KEY("book_id","refund_id"),
	CONSTRAINT "refunds_to_address_length" CHECK (octet_length(to_address) in (20, 32)),
	CONSTRAINT "refunds_amount_atomic_range" CHECK (amount_atomic >= 0 and amount_atomic < 2::numeric ^ 256),
	CONSTRAINT "refunds_status_listed" CHECK (status in ('recorded', 'confirmed', 'final', 'canceled')),
	CONSTRAINT "refunds_returned_atomic_range" CHECK (returned_atomic >= 0 and returned_atomic < 2::numeric ^ 256),
	CONSTRAINT "refunds_tx_hash_length" CHECK (octet_length(tx_hash) in (32, 64)),
	CONSTRAINT "refunds_after_block_range" CHECK (after_block >= 0),
	CONSTRAINT "refunds_amount_positive" CHECK (amount_atomic > 0),
	CONSTRAINT "refunds_returned_in_amount" CHECK (returned_atomic <= amount_atomic),
	CONSTRAINT "refunds_settled_has_transfer" CHECK ((status in ('confirmed', 'final')) = (transfer_id is not null)),
	CONSTRAINT "refunds_returned_is_settled" CHECK (returned_atomic = 0 or transfer_id is not null)
);
--> statement-breakpoint
ALTER TABLE "discrepancies" DROP CONSTRAINT "discrepancies_kind_listed";--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_intent_fk" FOREIGN KEY ("book_id","intent_id") REFERENCES "public"."payment_intents"("book_id","intent_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_transfer_fk" FOREIGN KEY ("book_id","transfer_id") REFERENCES "public"."transfers"("book_id","transfer_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_asset_fk" FOREIGN KEY ("network_id","asset_id") REFERENCES "public"."assets"("network_id","asset_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_transfer" ON "refunds" USING btree ("book_id","transfer_id") WHERE transfer_id is not null;--> statement-breakpoint
CREATE INDEX "refunds_intent" ON "refunds" USING btree ("book_id","intent_id");--> statement-breakpoint
CREATE INDEX "refunds_waiting" ON "refunds" USING btree ("book_id","network_id","to_address") WHERE status = 'recorded';--> statement-breakpoint
ALTER TABLE "allocations" ADD CONSTRAINT "allocations_refund_fk" FOREIGN KEY ("book_id","refund_id") REFERENCES "public"."refunds"("book_id","refund_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "transfers_outgoing" ON "transfers" USING btree ("book_id","to_address") WHERE from_wallet_id is not null and to_wallet_id is null;--> statement-breakpoint
ALTER TABLE "allocations" ADD CONSTRAINT "allocations_refund_has_refund" CHECK ((bucket = 'refund') = (refund_id is not null));--> statement-breakpoint
ALTER TABLE "discrepancies" ADD CONSTRAINT "discrepancies_kind_listed" CHECK (kind in ('late', 'short', 'over', 'duplicate', 'reorged', 'unmatched', 'unmatched_outflow', 'paid_not_served', 'served_not_paid'));