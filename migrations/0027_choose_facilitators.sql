CREATE TABLE "facilitators" (
	"book_id" integer NOT NULL,
	"facilitator_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"url" text,
	"auth" text DEFAULT 'none' NOT NULL,
	"credentials_sealed" "bytea",
	"position" smallint NOT NULL,
	"verifies_first" boolean DEFAULT false NOT NULL,
	"trusts_refusals" boolean DEFAULT false NOT NULL,
	"allows_plain_http" boolean DEFAULT false NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "facilitators_pkey" PRIMARY KEY("book_id","facilitator_id"),
	CONSTRAINT "facilitators_kind_listed" CHECK (kind in ('built_in', 'remote')),
	CONSTRAINT "facilitators_auth_listed" CHECK (auth in ('none', 'cdp')),
	CONSTRAINT "facilitators_remote_has_url" CHECK ((kind = 'remote') = (url is not null)),
	CONSTRAINT "facilitators_auth_has_credentials" CHECK ((auth = 'none') = (credentials_sealed is null)),
	CONSTRAINT "facilitators_position_range" CHECK (position >= 0),
	CONSTRAINT "facilitators_archived_is_off" CHECK (archived_at is null or not is_enabled)
);
--> statement-breakpoint
ALTER TABLE "facilitators" ADD CONSTRAINT "facilitators_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "facilitators_built_in" ON "facilitators" USING btree ("book_id") WHERE kind = 'built_in' and archived_at is null;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_facilitator_fk" FOREIGN KEY ("book_id","facilitator_id") REFERENCES "public"."facilitators"("book_id","facilitator_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attempts_facilitator" ON "attempts" USING btree ("book_id","facilitator_id","sent_at") WHERE facilitator_id is not null;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_one_facilitator" CHECK (num_nonnulls(facilitator_id, gas_signer_id) < 2);