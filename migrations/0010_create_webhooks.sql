CREATE TABLE "deliveries" (
	"book_id" integer NOT NULL,
	"delivery_id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"webhook_endpoint_id" uuid NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone,
	"last_http_status" smallint,
	"done_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "deliveries_pkey" PRIMARY KEY("book_id","delivery_id"),
	CONSTRAINT "deliveries_event" UNIQUE("book_id","event_id","webhook_endpoint_id"),
	CONSTRAINT "deliveries_status_listed" CHECK (status in ('pending', 'delivered', 'exhausted', 'dropped')),
	CONSTRAINT "deliveries_tries_range" CHECK (tries >= 0),
	CONSTRAINT "deliveries_due_or_done" CHECK (num_nonnulls(next_attempt_at, done_at) = 1 and (status = 'pending') = (next_attempt_at is not null))
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"book_id" integer NOT NULL,
	"webhook_endpoint_id" uuid NOT NULL,
	"url" text NOT NULL,
	"events" text[] NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"disabled_reason" text,
	"failing_since" timestamp with time zone,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhook_endpoints_pkey" PRIMARY KEY("book_id","webhook_endpoint_id"),
	CONSTRAINT "webhook_endpoints_disabled_reason_listed" CHECK (disabled_reason in ('gone')),
	CONSTRAINT "webhook_endpoints_events_named" CHECK (cardinality(events) > 0),
	CONSTRAINT "webhook_endpoints_disabled_has_cause" CHECK (not is_enabled or num_nonnulls(disabled_reason, archived_at) = 0)
);
--> statement-breakpoint
CREATE TABLE "webhook_secrets" (
	"book_id" integer NOT NULL,
	"webhook_secret_id" uuid NOT NULL,
	"webhook_endpoint_id" uuid NOT NULL,
	"secret_sealed" "bytea" NOT NULL,
	"kind" text DEFAULT 'v1' NOT NULL,
	"expires_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhook_secrets_pkey" PRIMARY KEY("book_id","webhook_secret_id"),
	CONSTRAINT "webhook_secrets_kind_listed" CHECK (kind in ('v1'))
);
--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_event_fk" FOREIGN KEY ("book_id","event_id") REFERENCES "public"."events"("book_id","event_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_endpoint_fk" FOREIGN KEY ("book_id","webhook_endpoint_id") REFERENCES "public"."webhook_endpoints"("book_id","webhook_endpoint_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_secrets" ADD CONSTRAINT "webhook_secrets_endpoint_fk" FOREIGN KEY ("book_id","webhook_endpoint_id") REFERENCES "public"."webhook_endpoints"("book_id","webhook_endpoint_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("book_id","webhook_endpoint_id","next_attempt_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "deliveries_endpoint" ON "deliveries" USING btree ("book_id","webhook_endpoint_id","delivery_id");--> statement-breakpoint
CREATE INDEX "deliveries_undone" ON "deliveries" USING btree ("book_id","status","delivery_id") WHERE status <> 'delivered';--> statement-breakpoint
CREATE INDEX "webhook_secrets_endpoint" ON "webhook_secrets" USING btree ("book_id","webhook_endpoint_id");