CREATE TABLE "reserved_amounts" (
	"book_id" integer NOT NULL,
	"network_id" smallint NOT NULL,
	"asset_id" integer NOT NULL,
	"wallet_id" uuid NOT NULL,
	"amount_atomic" numeric(78, 0) NOT NULL,
	"intent_id" uuid NOT NULL,
	"after_block" bigint NOT NULL,
	"free_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reserved_amounts_pkey" PRIMARY KEY("book_id","network_id","asset_id","wallet_id","amount_atomic"),
	CONSTRAINT "reserved_amounts_intent" UNIQUE("book_id","intent_id"),
	CONSTRAINT "reserved_amounts_amount_atomic_range" CHECK (amount_atomic >= 0 and amount_atomic < 2::numeric ^ 256),
	CONSTRAINT "reserved_amounts_after_block_range" CHECK (after_block >= 0),
	CONSTRAINT "reserved_amounts_positive" CHECK (amount_atomic > 0)
);
--> statement-breakpoint
ALTER TABLE "payment_intents" ADD COLUMN "reserved_atomic" numeric(78, 0);--> statement-breakpoint
ALTER TABLE "reserved_amounts" ADD CONSTRAINT "reserved_amounts_intent_fk" FOREIGN KEY ("book_id","intent_id") REFERENCES "public"."payment_intents"("book_id","intent_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reserved_amounts" ADD CONSTRAINT "reserved_amounts_wallet_fk" FOREIGN KEY ("book_id","wallet_id","network_id") REFERENCES "public"."wallets"("book_id","wallet_id","network_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reserved_amounts" ADD CONSTRAINT "reserved_amounts_asset_fk" FOREIGN KEY ("network_id","asset_id") REFERENCES "public"."assets"("network_id","asset_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attempts_released" ON "attempts" USING btree ("book_id","network_id","replay_key") WHERE released_at is not null;--> statement-breakpoint
ALTER TABLE "payment_intents" ADD CONSTRAINT "payment_intents_reserved_atomic_range" CHECK (reserved_atomic >= 0 and reserved_atomic < 2::numeric ^ 256);--> statement-breakpoint
ALTER TABLE "payment_intents" ADD CONSTRAINT "payment_intents_reserved_below_price" CHECK (reserved_atomic > 0 and reserved_atomic <= amount_atomic);