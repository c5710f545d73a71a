CREATE TABLE "rollup_accounts" (
	"book_id" integer NOT NULL,
	"day" date NOT NULL,
	"account_id" integer NOT NULL,
	"asset_id" integer NOT NULL,
	"debit_atomic" numeric(78, 0) NOT NULL,
	"credit_atomic" numeric(78, 0) NOT NULL,
	CONSTRAINT "rollup_accounts_pkey" PRIMARY KEY("book_id","day","account_id","asset_id"),
	CONSTRAINT "rollup_accounts_debit_atomic_range" CHECK (debit_atomic >= 0 and debit_atomic < 2::numeric ^ 256),
	CONSTRAINT "rollup_accounts_credit_atomic_range" CHECK (credit_atomic >= 0 and credit_atomic < 2::numeric ^ 256)
);
--> statement-breakpoint
CREATE TABLE "rollup_books" (
	"book_id" integer NOT NULL,
	"day" date NOT NULL,
	"network_id" smallint NOT NULL,
	"asset_id" integer NOT NULL,
	"outcome" text NOT NULL,
	"count" bigint NOT NULL,
	"amount_atomic" numeric(78, 0) NOT NULL,
	CONSTRAINT "rollup_books_pkey" PRIMARY KEY("book_id","day","network_id","asset_id","outcome"),
	CONSTRAINT "rollup_books_outcome_listed" CHECK (outcome in ('confirmed', 'final', 'late', 'overpayment', 'duplicate', 'unmatched', 'dust', 'failed')),
	CONSTRAINT "rollup_books_amount_atomic_range" CHECK (abs(amount_atomic) < 2::numeric ^ 256)
);
--> statement-breakpoint
CREATE TABLE "rollup_days" (
	"book_id" integer NOT NULL,
	"day" date NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"network_id" smallint NOT NULL,
	"asset_id" integer NOT NULL,
	"outcome" text NOT NULL,
	"count" bigint NOT NULL,
	"amount_atomic" numeric(78, 0) NOT NULL,
	CONSTRAINT "rollup_days_pkey" PRIMARY KEY("book_id","day","endpoint_id","network_id","asset_id","outcome"),
	CONSTRAINT "rollup_days_outcome_listed" CHECK (outcome in ('confirmed', 'final', 'late', 'overpayment', 'duplicate', 'unmatched', 'dust', 'failed')),
	CONSTRAINT "rollup_days_amount_atomic_range" CHECK (abs(amount_atomic) < 2::numeric ^ 256)
);
--> statement-breakpoint
CREATE TABLE "rollup_deltas" (
	"delta_id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "rollup_deltas_delta_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"book_id" integer NOT NULL,
	"day" date NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"network_id" smallint NOT NULL,
	"asset_id" integer NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"count" bigint NOT NULL,
	"amount_atomic" numeric(78, 0) NOT NULL,
	CONSTRAINT "rollup_deltas_pkey" PRIMARY KEY("delta_id"),
	CONSTRAINT "rollup_deltas_outcome_listed" CHECK (outcome in ('confirmed', 'final', 'late', 'overpayment', 'duplicate', 'unmatched', 'dust', 'failed')),
	CONSTRAINT "rollup_deltas_reason_listed" CHECK (reason in ('signature_invalid', 'insufficient_funds', 'verification_refused', 'authorization_canceled', 'authorization_window', 'transfer_proof_required', 'nonce_spent_elsewhere', 'interrupted', 'settlement_unavailable', 'upstream_failed', 'upstream_timeout', 'buyer_gone', 'invoice_canceled', 'authorization_expired', 'reverted')),
	CONSTRAINT "rollup_deltas_amount_atomic_range" CHECK (abs(amount_atomic) < 2::numeric ^ 256)
);
--> statement-breakpoint
CREATE TABLE "rollup_hours" (
	"book_id" integer NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"network_id" smallint NOT NULL,
	"asset_id" integer NOT NULL,
	"outcome" text NOT NULL,
	"count" bigint NOT NULL,
	"amount_atomic" numeric(78, 0) NOT NULL,
	CONSTRAINT "rollup_hours_pkey" PRIMARY KEY("book_id","hour","endpoint_id","network_id","asset_id","outcome"),
	CONSTRAINT "rollup_hours_outcome_listed" CHECK (outcome in ('confirmed', 'final', 'late', 'overpayment', 'duplicate', 'unmatched', 'dust', 'failed')),
	CONSTRAINT "rollup_hours_amount_atomic_range" CHECK (abs(amount_atomic) < 2::numeric ^ 256)
);
--> statement-breakpoint
CREATE TABLE "rollup_payers" (
	"book_id" integer NOT NULL,
	"day" date NOT NULL,
	"payer" "bytea" NOT NULL,
	"network_id" smallint NOT NULL,
	"asset_id" integer NOT NULL,
	"count" bigint NOT NULL,
	"amount_atomic" numeric(78, 0) NOT NULL,
	CONSTRAINT "rollup_payers_pkey" PRIMARY KEY("book_id","day","payer","network_id","asset_id"),
	CONSTRAINT "rollup_payers_payer_length" CHECK (octet_length(payer) in (20, 32)),
	CONSTRAINT "rollup_payers_amount_atomic_range" CHECK (abs(amount_atomic) < 2::numeric ^ 256)
);
--> statement-breakpoint
CREATE TABLE "rollup_reasons" (
	"book_id" integer NOT NULL,
	"day" date NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"asset_id" integer NOT NULL,
	"count" bigint NOT NULL,
	"amount_atomic" numeric(78, 0) NOT NULL,
	CONSTRAINT "rollup_reasons_pkey" PRIMARY KEY("book_id","day","endpoint_id","reason","asset_id"),
	CONSTRAINT "rollup_reasons_reason_listed" CHECK (reason in ('signature_invalid', 'insufficient_funds', 'verification_refused', 'authorization_canceled', 'authorization_window', 'transfer_proof_required', 'nonce_spent_elsewhere', 'interrupted', 'settlement_unavailable', 'upstream_failed', 'upstream_timeout', 'buyer_gone', 'invoice_canceled', 'authorization_expired', 'reverted')),
	CONSTRAINT "rollup_reasons_amount_atomic_range" CHECK (abs(amount_atomic) < 2::numeric ^ 256)
);
--> statement-breakpoint
ALTER TABLE "rollup_accounts" ADD CONSTRAINT "rollup_accounts_account_fk" FOREIGN KEY ("book_id","account_id") REFERENCES "public"."ledger_accounts"("book_id","account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rollup_books" ADD CONSTRAINT "rollup_books_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rollup_days" ADD CONSTRAINT "rollup_days_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rollup_hours" ADD CONSTRAINT "rollup_hours_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rollup_payers" ADD CONSTRAINT "rollup_payers_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rollup_reasons" ADD CONSTRAINT "rollup_reasons_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;