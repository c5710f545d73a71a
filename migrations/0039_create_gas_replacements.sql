CREATE TABLE "gas_replacements" (
	"book_id" integer NOT NULL,
	"attempt_id" uuid NOT NULL,
	"number" smallint NOT NULL,
	"tx_hash" "bytea" NOT NULL,
	"signed_tx" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "gas_replacements_pkey" PRIMARY KEY("book_id","attempt_id","number"),
	CONSTRAINT "gas_replacements_tx_hash" UNIQUE("book_id","tx_hash"),
	CONSTRAINT "gas_replacements_tx_hash_length" CHECK (octet_length(tx_hash) in (32, 64)),
	CONSTRAINT "gas_replacements_number_range" CHECK (number > 0)
);
--> statement-breakpoint
ALTER TABLE "gas_replacements" ADD CONSTRAINT "gas_replacements_attempt_fk" FOREIGN KEY ("book_id","attempt_id") REFERENCES "public"."attempts"("book_id","attempt_id") ON DELETE no action ON UPDATE no action;