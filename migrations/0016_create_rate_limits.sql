CREATE TABLE "rate_limit_counters" (
	"key" text NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" bigint,
	CONSTRAINT "rate_limit_counters_pkey" PRIMARY KEY("key")
);
--> statement-breakpoint
CREATE TABLE "rate_limit_counts" (
	"book_id" integer NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"side" text NOT NULL,
	"subject" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"allowed" bigint NOT NULL,
	"throttled" bigint NOT NULL,
	"used" integer DEFAULT 0 NOT NULL,
	"resets_at" timestamp with time zone,
	"last_seen_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rate_limit_counts_pkey" PRIMARY KEY("book_id","endpoint_id","side","subject","starts_at"),
	CONSTRAINT "rate_limit_counts_side_listed" CHECK (side in ('paid', 'unpaid')),
	CONSTRAINT "rate_limit_counts_not_negative" CHECK (allowed >= 0 and throttled >= 0 and used >= 0)
);
--> statement-breakpoint
CREATE TABLE "rate_limit_overrides" (
	"book_id" integer NOT NULL,
	"rate_limit_override_id" uuid NOT NULL,
	"subject_kind" text NOT NULL,
	"subject" text NOT NULL,
	"endpoint_id" uuid,
	"action" text NOT NULL,
	"points" integer,
	"window_seconds" integer,
	"burst" integer,
	"expires_at" timestamp with time zone,
	"reason" text DEFAULT '' NOT NULL,
	"actor_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rate_limit_overrides_pkey" PRIMARY KEY("book_id","rate_limit_override_id"),
	CONSTRAINT "rate_limit_overrides_subject_kind_listed" CHECK (subject_kind in ('payer', 'address')),
	CONSTRAINT "rate_limit_overrides_action_listed" CHECK (action in ('allow', 'block', 'limit')),
	CONSTRAINT "rate_limit_overrides_limit_has_policy" CHECK (num_nonnulls(points, window_seconds, burst) = case when action = 'limit' then 3 else 0 end),
	CONSTRAINT "rate_limit_overrides_policy_range" CHECK (points > 0 and window_seconds > 0 and burst >= 0)
);
--> statement-breakpoint
ALTER TABLE "rate_limit_counts" ADD CONSTRAINT "rate_limit_counts_endpoint_fk" FOREIGN KEY ("book_id","endpoint_id") REFERENCES "public"."endpoints"("book_id","endpoint_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rate_limit_overrides" ADD CONSTRAINT "rate_limit_overrides_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rate_limit_overrides" ADD CONSTRAINT "rate_limit_overrides_endpoint_fk" FOREIGN KEY ("book_id","endpoint_id") REFERENCES "public"."endpoints"("book_id","endpoint_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "rate_limit_overrides_subject" ON "rate_limit_overrides" USING btree ("book_id","subject_kind","subject",coalesce(endpoint_id, '00000000-0000-0000-0000-000000000000'::uuid));