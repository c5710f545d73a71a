CREATE TABLE "api_key_uses" (
	"book_id" integer NOT NULL,
	"api_key_id" uuid NOT NULL,
	"last_used_at" timestamp with time zone DEFAULT now() NOT NULL,
	"address" "inet",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_key_uses_pkey" PRIMARY KEY("book_id","api_key_id")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"book_id" integer NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"status" text NOT NULL,
	"lease_until" timestamp with time zone,
	"http_status" smallint,
	"response_sealed" "bytea",
	"keep_until" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY("book_id","route","key"),
	CONSTRAINT "idempotency_keys_fingerprint_length" CHECK (octet_length(fingerprint) in (32)),
	CONSTRAINT "idempotency_keys_status_listed" CHECK (status in ('running', 'done')),
	CONSTRAINT "idempotency_keys_running_or_done" CHECK (case status when 'running' then lease_until is not null and num_nonnulls(http_status, response_sealed) = 0
        else lease_until is null and num_nonnulls(http_status, response_sealed) = 2 end)
);
--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "description" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "payment_intents" ADD COLUMN "description" text;--> statement-breakpoint
ALTER TABLE "api_key_uses" ADD CONSTRAINT "api_key_uses_key_fk" FOREIGN KEY ("book_id","api_key_id") REFERENCES "public"."api_keys"("book_id","api_key_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idempotency_keys_keep" ON "idempotency_keys" USING btree ("keep_until");