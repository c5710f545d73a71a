CREATE TABLE "payment_identifiers" (
	"book_id" integer NOT NULL,
	"payer" "bytea" NOT NULL,
	"identifier" text NOT NULL,
	"attempt_id" uuid NOT NULL,
	"request_fingerprint" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payment_identifiers_pkey" PRIMARY KEY("book_id","payer","identifier"),
	CONSTRAINT "payment_identifiers_payer_length" CHECK (octet_length(payer) in (20, 32)),
	CONSTRAINT "payment_identifiers_request_fingerprint_length" CHECK (octet_length(request_fingerprint) in (32)),
	CONSTRAINT "payment_identifiers_identifier_spelled" CHECK (identifier ~ '^[A-Za-z0-9_-]{16,128}$')
);
--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "requires_identifier" boolean DEFAULT false NOT NULL;