CREATE TABLE "audit_heads" (
	"merchant_id" uuid NOT NULL,
	"audit_seq" bigint DEFAULT 0 NOT NULL,
	"chain_hash" "bytea" DEFAULT decode(repeat('00', 32), 'hex') NOT NULL,
	CONSTRAINT "audit_heads_pkey" PRIMARY KEY("merchant_id"),
	CONSTRAINT "audit_heads_chain_hash_length" CHECK (octet_length(chain_hash) in (32)),
	CONSTRAINT "audit_heads_audit_seq_range" CHECK (audit_seq >= 0)
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"merchant_id" uuid NOT NULL,
	"audit_seq" bigint NOT NULL,
	"mode" text,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"target_kind" text NOT NULL,
	"target_id" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"reason" text NOT NULL,
	"request_id" text,
	"address" "inet",
	"chain_hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_log_pkey" PRIMARY KEY("merchant_id","audit_seq"),
	CONSTRAINT "audit_log_actor_kind_listed" CHECK (actor_kind in ('user', 'api_key', 'system')),
	CONSTRAINT "audit_log_chain_hash_length" CHECK (octet_length(chain_hash) in (32)),
	CONSTRAINT "audit_log_mode_listed" CHECK (mode in ('test', 'live')),
	CONSTRAINT "audit_log_action_dotted" CHECK (action ~ '^[a-z_]+([.][a-z_]+)+$'),
	CONSTRAINT "audit_log_audit_seq_positive" CHECK (audit_seq > 0)
);
--> statement-breakpoint
ALTER TABLE "audit_heads" ADD CONSTRAINT "audit_heads_merchant_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("merchant_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_merchant_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("merchant_id") ON DELETE no action ON UPDATE no action;