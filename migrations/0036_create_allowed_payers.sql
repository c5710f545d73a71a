CREATE TABLE "allowed_payers" (
	"book_id" integer NOT NULL,
	"allowed_payer_id" uuid NOT NULL,
	"endpoint_id" uuid,
	"payer" "bytea" NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"actor_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "allowed_payers_pkey" PRIMARY KEY("book_id","allowed_payer_id"),
	CONSTRAINT "allowed_payers_payer_length" CHECK (octet_length(payer) in (20, 32))
);
--> statement-breakpoint
ALTER TABLE "allowed_payers" ADD CONSTRAINT "allowed_payers_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allowed_payers" ADD CONSTRAINT "allowed_payers_endpoint_fk" FOREIGN KEY ("book_id","endpoint_id") REFERENCES "public"."endpoints"("book_id","endpoint_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "allowed_payers_payer" ON "allowed_payers" USING btree ("book_id","payer",coalesce(endpoint_id, '00000000-0000-0000-0000-000000000000'::uuid));