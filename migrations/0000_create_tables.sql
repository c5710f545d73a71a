CREATE TABLE "assets" (
	"asset_id" integer NOT NULL,
	"network_id" smallint NOT NULL,
	"contract" "bytea" NOT NULL,
	"token_program" "bytea",
	"symbol" text NOT NULL,
	"decimals" smallint NOT NULL,
	"eip712_name" text,
	"eip712_version" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "assets_pkey" PRIMARY KEY("asset_id"),
	CONSTRAINT "assets_contract" UNIQUE("network_id","contract"),
	CONSTRAINT "assets_network" UNIQUE("network_id","asset_id"),
	CONSTRAINT "assets_contract_length" CHECK (octet_length(contract) in (20, 32)),
	CONSTRAINT "assets_token_program_length" CHECK (octet_length(token_program) in (32)),
	CONSTRAINT "assets_decimals_range" CHECK (decimals between 0 and 77)
);
--> statement-breakpoint
CREATE TABLE "books" (
	"book_id" integer GENERATED ALWAYS AS IDENTITY (sequence name "books_book_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"merchant_id" uuid NOT NULL,
	"mode" text NOT NULL,
	"gate_slug" text NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"config_version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "books_pkey" PRIMARY KEY("book_id"),
	CONSTRAINT "books_gate_slug" UNIQUE("gate_slug"),
	CONSTRAINT "books_merchant_mode" UNIQUE("merchant_id","mode"),
	CONSTRAINT "books_mode" UNIQUE("book_id","mode"),
	CONSTRAINT "books_mode_listed" CHECK (mode in ('test', 'live')),
	CONSTRAINT "books_gate_slug_plain" CHECK (gate_slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
	CONSTRAINT "books_config_version_positive" CHECK (config_version > 0)
);
--> statement-breakpoint
CREATE TABLE "merchant_hosts" (
	"host" text NOT NULL,
	"book_id" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "merchant_hosts_pkey" PRIMARY KEY("host"),
	CONSTRAINT "merchant_hosts_host_lower" CHECK (host = lower(host))
);
--> statement-breakpoint
CREATE TABLE "merchants" (
	"merchant_id" uuid NOT NULL,
	"organization_id" text,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "merchants_pkey" PRIMARY KEY("merchant_id"),
	CONSTRAINT "merchants_slug" UNIQUE("slug"),
	CONSTRAINT "merchants_slug_plain" CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$')
);
--> statement-breakpoint
CREATE TABLE "networks" (
	"network_id" smallint NOT NULL,
	"caip2" text NOT NULL,
	"mode" text NOT NULL,
	"family" text NOT NULL,
	"block_ms" integer NOT NULL,
	"confirm_depth" smallint,
	"explorer" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "networks_pkey" PRIMARY KEY("network_id"),
	CONSTRAINT "networks_caip2" UNIQUE("caip2"),
	CONSTRAINT "networks_mode" UNIQUE("network_id","mode"),
	CONSTRAINT "networks_mode_listed" CHECK (mode in ('test', 'live')),
	CONSTRAINT "networks_family_listed" CHECK (family in ('evm', 'svm')),
	CONSTRAINT "networks_block_ms_positive" CHECK (block_ms > 0),
	CONSTRAINT "networks_confirm_depth_known" CHECK (family = 'svm' or confirm_depth is not null),
	CONSTRAINT "networks_confirm_depth_range" CHECK (confirm_depth >= 0)
);
--> statement-breakpoint
CREATE TABLE "allocations" (
	"book_id" integer NOT NULL,
	"allocation_id" uuid NOT NULL,
	"transfer_id" uuid NOT NULL,
	"leg" smallint DEFAULT 0 NOT NULL,
	"intent_id" uuid,
	"refund_id" uuid,
	"bucket" text NOT NULL,
	"amount_atomic" numeric(78, 0) NOT NULL,
	"matched_by" text NOT NULL,
	"actor_id" text,
	"reversed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "allocations_pkey" PRIMARY KEY("book_id","allocation_id"),
	CONSTRAINT "allocations_bucket_listed" CHECK (bucket in ('payment', 'partial', 'overpayment', 'late', 'duplicate', 'unmatched', 'dust', 'self', 'refund', 'sweep')),
	CONSTRAINT "allocations_amount_atomic_range" CHECK (amount_atomic >= 0 and amount_atomic < 2::numeric ^ 256),
	CONSTRAINT "allocations_matched_by_listed" CHECK (matched_by in ('nonce', 'signature', 'memo', 'reference', 'tx_hash', 'amount', 'hand', 'none')),
	CONSTRAINT "allocations_amount_positive" CHECK (amount_atomic > 0),
	CONSTRAINT "allocations_leg_range" CHECK (leg >= 0),
	CONSTRAINT "allocations_payment_has_intent" CHECK (bucket not in ('payment', 'partial') or intent_id is not null),
	CONSTRAINT "allocations_hand_has_actor" CHECK (matched_by <> 'hand' or actor_id is not null)
);
--> statement-breakpoint
CREATE TABLE "block_headers" (
	"network_id" smallint NOT NULL,
	"block_hash" "bytea" NOT NULL,
	"number" bigint NOT NULL,
	"parent_hash" "bytea" NOT NULL,
	"time" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "block_headers_pkey" PRIMARY KEY("network_id","block_hash"),
	CONSTRAINT "block_headers_block_hash_length" CHECK (octet_length(block_hash) in (32)),
	CONSTRAINT "block_headers_number_range" CHECK (number >= 0),
	CONSTRAINT "block_headers_parent_hash_length" CHECK (octet_length(parent_hash) in (32))
);
--> statement-breakpoint
CREATE TABLE "coverage" (
	"book_id" integer NOT NULL,
	"wallet_id" uuid NOT NULL,
	"asset_id" integer NOT NULL,
	"from_block" bigint NOT NULL,
	"to_block" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "coverage_pkey" PRIMARY KEY("book_id","wallet_id","asset_id","from_block"),
	CONSTRAINT "coverage_from_block_range" CHECK (from_block >= 0),
	CONSTRAINT "coverage_to_block_range" CHECK (to_block >= 0),
	CONSTRAINT "coverage_interval" CHECK (to_block >= from_block)
);
--> statement-breakpoint
CREATE TABLE "cursors" (
	"network_id" smallint NOT NULL,
	"lane" smallint DEFAULT 0 NOT NULL,
	"head_number" bigint NOT NULL,
	"head_hash" "bytea" NOT NULL,
	"confirmed_number" bigint DEFAULT -1 NOT NULL,
	"confirmed_hash" "bytea",
	"safe_number" bigint DEFAULT -1 NOT NULL,
	"safe_hash" "bytea",
	"final_number" bigint DEFAULT -1 NOT NULL,
	"final_hash" "bytea",
	"fence" bigint DEFAULT 0 NOT NULL,
	"frozen_at" timestamp with time zone,
	"frozen_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "cursors_pkey" PRIMARY KEY("network_id","lane"),
	CONSTRAINT "cursors_head_number_range" CHECK (head_number >= 0),
	CONSTRAINT "cursors_head_hash_length" CHECK (octet_length(head_hash) in (32)),
	CONSTRAINT "cursors_confirmed_hash_length" CHECK (octet_length(confirmed_hash) in (32)),
	CONSTRAINT "cursors_safe_hash_length" CHECK (octet_length(safe_hash) in (32)),
	CONSTRAINT "cursors_final_hash_length" CHECK (octet_length(final_hash) in (32)),
	CONSTRAINT "cursors_confirmed_known" CHECK (confirmed_number >= -1 and (confirmed_number = -1) = (confirmed_hash is null)),
	CONSTRAINT "cursors_safe_known" CHECK (safe_number >= -1 and (safe_number = -1) = (safe_hash is null)),
	CONSTRAINT "cursors_final_known" CHECK (final_number >= -1 and (final_number = -1) = (final_hash is null)),
	CONSTRAINT "cursors_head_is_highest" CHECK (head_number >= confirmed_number and head_number >= safe_number and head_number >= final_number),
	CONSTRAINT "cursors_frozen_has_reason" CHECK (num_nonnulls(frozen_at, frozen_reason) in (0, 2))
);
--> statement-breakpoint
CREATE TABLE "discrepancies" (
	"book_id" integer NOT NULL,
	"discrepancy_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"intent_id" uuid,
	"transfer_id" uuid,
	"amount_atomic" numeric(78, 0),
	"closed_at" timestamp with time zone,
	"resolution" text,
	"actor_id" text,
	"note" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "discrepancies_pkey" PRIMARY KEY("book_id","discrepancy_id"),
	CONSTRAINT "discrepancies_kind_listed" CHECK (kind in ('late', 'short', 'over', 'duplicate', 'reorged', 'unmatched', 'paid_not_served', 'served_not_paid')),
	CONSTRAINT "discrepancies_amount_atomic_range" CHECK (amount_atomic >= 0 and amount_atomic < 2::numeric ^ 256),
	CONSTRAINT "discrepancies_closed_has_resolution" CHECK (num_nonnulls(closed_at, resolution) in (0, 2))
);
--> statement-breakpoint
CREATE TABLE "transfers" (
	"book_id" integer NOT NULL,
	"transfer_id" uuid NOT NULL,
	"network_id" smallint NOT NULL,
	"block_number" bigint NOT NULL,
	"block_hash" "bytea" NOT NULL,
	"block_time" timestamp with time zone NOT NULL,
	"tx_hash" "bytea" NOT NULL,
	"position" integer NOT NULL,
	"asset_id" integer NOT NULL,
	"from_address" "bytea" NOT NULL,
	"to_address" "bytea" NOT NULL,
	"from_wallet_id" uuid,
	"to_wallet_id" uuid,
	"amount_atomic" numeric(78, 0) NOT NULL,
	"replay_key" "bytea" NOT NULL,
	"memo" text,
	"orphaned_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "transfers_pkey" PRIMARY KEY("book_id","transfer_id"),
	CONSTRAINT "transfers_place" UNIQUE("book_id","tx_hash","position","network_id","block_hash"),
	CONSTRAINT "transfers_block_number_range" CHECK (block_number >= 0),
	CONSTRAINT "transfers_block_hash_length" CHECK (octet_length(block_hash) in (32)),
	CONSTRAINT "transfers_tx_hash_length" CHECK (octet_length(tx_hash) in (32, 64)),
	CONSTRAINT "transfers_from_address_length" CHECK (octet_length(from_address) in (20, 32)),
	CONSTRAINT "transfers_to_address_length" CHECK (octet_length(to_address) in (20, 32)),
	CONSTRAINT "transfers_amount_atomic_range" CHECK (amount_atomic >= 0 and amount_atomic < 2::numeric ^ 256),
	CONSTRAINT "transfers_replay_key_length" CHECK (octet_length(replay_key) in (32)),
	CONSTRAINT "transfers_own_wallet" CHECK (num_nonnulls(from_wallet_id, to_wallet_id) > 0),
	CONSTRAINT "transfers_position_range" CHECK (position >= 0)
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"book_id" integer NOT NULL,
	"api_key_id" uuid NOT NULL,
	"name" text NOT NULL,
	"lookup" text NOT NULL,
	"key_hash" "bytea" NOT NULL,
	"scopes" text[] NOT NULL,
	"allowed_cidrs" "cidr"[],
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"replaces" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_keys_pkey" PRIMARY KEY("book_id","api_key_id"),
	CONSTRAINT "api_keys_lookup" UNIQUE("lookup"),
	CONSTRAINT "api_keys_key_hash_length" CHECK (octet_length(key_hash) in (32))
);
--> statement-breakpoint
CREATE TABLE "data_keys" (
	"key_id" integer GENERATED BY DEFAULT AS IDENTITY (sequence name "data_keys_key_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"merchant_id" uuid,
	"wrapped_key" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "data_keys_pkey" PRIMARY KEY("key_id"),
	CONSTRAINT "data_keys_key_id_positive" CHECK (key_id > 0)
);
--> statement-breakpoint
CREATE TABLE "endpoints" (
	"book_id" integer NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"method" text NOT NULL,
	"path" text NOT NULL,
	"upstream_url" text,
	"settle_mode" text NOT NULL,
	"is_observed" boolean DEFAULT false NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"timeout_ms" integer NOT NULL,
	"limits" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "endpoints_pkey" PRIMARY KEY("book_id","endpoint_id"),
	CONSTRAINT "endpoints_settle_mode_listed" CHECK (settle_mode in ('after', 'before')),
	CONSTRAINT "endpoints_method_upper" CHECK (method = upper(method)),
	CONSTRAINT "endpoints_path_rooted" CHECK (path like '/%'),
	CONSTRAINT "endpoints_timeout_ms_positive" CHECK (timeout_ms > 0)
);
--> statement-breakpoint
CREATE TABLE "gas_signers" (
	"gas_signer_id" integer GENERATED ALWAYS AS IDENTITY (sequence name "gas_signers_gas_signer_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"network_id" smallint NOT NULL,
	"address" "bytea" NOT NULL,
	"key_sealed" "bytea" NOT NULL,
	"next_nonce" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "gas_signers_pkey" PRIMARY KEY("gas_signer_id"),
	CONSTRAINT "gas_signers_address" UNIQUE("network_id","address"),
	CONSTRAINT "gas_signers_address_length" CHECK (octet_length(address) in (20, 32)),
	CONSTRAINT "gas_signers_next_nonce_range" CHECK (next_nonce >= 0)
);
--> statement-breakpoint
CREATE TABLE "price_amounts" (
	"book_id" integer NOT NULL,
	"price_version_id" uuid NOT NULL,
	"network_id" smallint NOT NULL,
	"asset_id" integer NOT NULL,
	"amount_atomic" numeric(78, 0) NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "price_amounts_pkey" PRIMARY KEY("book_id","price_version_id","network_id"),
	CONSTRAINT "price_amounts_amount_atomic_range" CHECK (amount_atomic >= 0 and amount_atomic < 2::numeric ^ 256)
);
--> statement-breakpoint
CREATE TABLE "price_versions" (
	"book_id" integer NOT NULL,
	"price_version_id" uuid NOT NULL,
	"endpoint_id" uuid,
	"plan_id" uuid,
	"version_no" integer NOT NULL,
	"model" text NOT NULL,
	"rules" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"effective_from" timestamp with time zone NOT NULL,
	"author" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "price_versions_pkey" PRIMARY KEY("book_id","price_version_id"),
	CONSTRAINT "price_versions_number" UNIQUE("book_id","endpoint_id","version_no"),
	CONSTRAINT "price_versions_one_subject" CHECK (num_nonnulls(endpoint_id, plan_id) = 1),
	CONSTRAINT "price_versions_version_no_positive" CHECK (version_no > 0)
);
--> statement-breakpoint
CREATE TABLE "seal_keys" (
	"key_id" integer GENERATED BY DEFAULT AS IDENTITY (sequence name "seal_keys_key_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"scope" text NOT NULL,
	"for_book_id" integer,
	"secret_sealed" "bytea" NOT NULL,
	"seal_from" timestamp with time zone NOT NULL,
	"seal_until" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "seal_keys_pkey" PRIMARY KEY("key_id"),
	CONSTRAINT "seal_keys_scope_listed" CHECK (scope in ('instance', 'delegated')),
	CONSTRAINT "seal_keys_scope_book" CHECK ((scope = 'instance') = (for_book_id is null)),
	CONSTRAINT "seal_keys_window" CHECK (seal_until > seal_from),
	CONSTRAINT "seal_keys_key_id_positive" CHECK (key_id > 0)
);
--> statement-breakpoint
CREATE TABLE "terms_versions" (
	"book_id" integer NOT NULL,
	"number" bigint GENERATED ALWAYS AS IDENTITY (sequence name "terms_versions_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"endpoint_id" uuid NOT NULL,
	"price_version_id" uuid NOT NULL,
	"settle_mode" text NOT NULL,
	"offer_ttl_s" integer NOT NULL,
	"max_timeout_s" integer NOT NULL,
	"priced_query" text[] NOT NULL,
	"prices_body" boolean NOT NULL,
	"networks" jsonb NOT NULL,
	"in_force_from" timestamp with time zone NOT NULL,
	"superseded_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "terms_versions_pkey" PRIMARY KEY("book_id","number"),
	CONSTRAINT "terms_versions_number" UNIQUE("number"),
	CONSTRAINT "terms_versions_subject" UNIQUE("book_id","number","endpoint_id","price_version_id"),
	CONSTRAINT "terms_versions_settle_mode_listed" CHECK (settle_mode in ('after', 'before')),
	CONSTRAINT "terms_versions_number_48_bits" CHECK (number > 0 and number < 281474976710656),
	CONSTRAINT "terms_versions_offer_ttl_positive" CHECK (offer_ttl_s > 0),
	CONSTRAINT "terms_versions_max_timeout_positive" CHECK (max_timeout_s > 0)
);
--> statement-breakpoint
CREATE TABLE "wallet_assets" (
	"book_id" integer NOT NULL,
	"wallet_id" uuid NOT NULL,
	"asset_id" integer NOT NULL,
	"token_account" "bytea",
	"watch_from_block" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "wallet_assets_pkey" PRIMARY KEY("book_id","wallet_id","asset_id"),
	CONSTRAINT "wallet_assets_token_account_length" CHECK (octet_length(token_account) in (32)),
	CONSTRAINT "wallet_assets_watch_from_block_range" CHECK (watch_from_block >= 0)
);
--> statement-breakpoint
CREATE TABLE "wallet_assignments" (
	"book_id" integer NOT NULL,
	"wallet_assignment_id" uuid NOT NULL,
	"network_id" smallint NOT NULL,
	"wallet_id" uuid NOT NULL,
	"effective_from" timestamp with time zone NOT NULL,
	"canceled_at" timestamp with time zone,
	"reason" text DEFAULT '' NOT NULL,
	"actor_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "wallet_assignments_pkey" PRIMARY KEY("book_id","wallet_assignment_id")
);
--> statement-breakpoint
CREATE TABLE "wallets" (
	"book_id" integer NOT NULL,
	"wallet_id" uuid NOT NULL,
	"mode" text NOT NULL,
	"network_id" smallint NOT NULL,
	"address" "bytea" NOT NULL,
	"label" text DEFAULT '' NOT NULL,
	"is_own_contract" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "wallets_pkey" PRIMARY KEY("book_id","wallet_id"),
	CONSTRAINT "wallets_address" UNIQUE("network_id","address"),
	CONSTRAINT "wallets_network" UNIQUE("book_id","wallet_id","network_id"),
	CONSTRAINT "wallets_mode_listed" CHECK (mode in ('test', 'live')),
	CONSTRAINT "wallets_address_length" CHECK (octet_length(address) in (20, 32))
);
--> statement-breakpoint
CREATE TABLE "invoice_counters" (
	"book_id" integer NOT NULL,
	"invoice_year" smallint NOT NULL,
	"last_no" integer NOT NULL,
	CONSTRAINT "invoice_counters_pkey" PRIMARY KEY("book_id","invoice_year"),
	CONSTRAINT "invoice_counters_last_no_positive" CHECK (last_no > 0)
);
--> statement-breakpoint
CREATE TABLE "ledger_accounts" (
	"book_id" integer NOT NULL,
	"account_id" integer GENERATED ALWAYS AS IDENTITY (sequence name "ledger_accounts_account_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"code" text NOT NULL,
	"kind" text NOT NULL,
	"endpoint_id" uuid,
	"wallet_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_accounts_pkey" PRIMARY KEY("book_id","account_id"),
	CONSTRAINT "ledger_accounts_code" UNIQUE("book_id","code"),
	CONSTRAINT "ledger_accounts_kind_listed" CHECK (kind in ('asset', 'pending', 'income', 'liability', 'equity', 'contra_income', 'expense'))
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"book_id" integer NOT NULL,
	"entry_seq" bigint NOT NULL,
	"kind" text NOT NULL,
	"cause_kind" text NOT NULL,
	"cause_id" uuid NOT NULL,
	"intent_id" uuid,
	"network_id" smallint,
	"block_number" bigint,
	"effective_at" timestamp with time zone NOT NULL,
	"local_day" date NOT NULL,
	"period" text NOT NULL,
	"chain_hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_entries_pkey" PRIMARY KEY("book_id","entry_seq"),
	CONSTRAINT "ledger_entries_cause" UNIQUE("book_id","cause_id","kind"),
	CONSTRAINT "ledger_entries_cause_kind_listed" CHECK (cause_kind in ('allocation', 'wallet_asset', 'attempt', 'audit')),
	CONSTRAINT "ledger_entries_block_number_range" CHECK (block_number >= 0),
	CONSTRAINT "ledger_entries_chain_hash_length" CHECK (octet_length(chain_hash) in (32)),
	CONSTRAINT "ledger_entries_kind_listed" CHECK (kind in ('payment_confirmed', 'payment_final', 'payment_confirmed_reversed', 'payment_final_reversed', 'partial_confirmed', 'partial_final', 'partial_confirmed_reversed', 'partial_final_reversed', 'overpayment_confirmed', 'overpayment_final', 'overpayment_confirmed_reversed', 'overpayment_final_reversed', 'late_confirmed', 'late_final', 'late_confirmed_reversed', 'late_final_reversed', 'duplicate_confirmed', 'duplicate_final', 'duplicate_confirmed_reversed', 'duplicate_final_reversed', 'unmatched_confirmed', 'unmatched_final', 'unmatched_confirmed_reversed', 'unmatched_final_reversed', 'dust_confirmed', 'dust_final', 'dust_confirmed_reversed', 'dust_final_reversed', 'self_confirmed', 'self_final', 'self_confirmed_reversed', 'self_final_reversed', 'refund_confirmed', 'refund_final', 'refund_confirmed_reversed', 'refund_final_reversed', 'sweep_confirmed', 'sweep_final', 'sweep_confirmed_reversed', 'sweep_final_reversed', 'opening', 'loss', 'adjustment')),
	CONSTRAINT "ledger_entries_entry_seq_positive" CHECK (entry_seq > 0),
	CONSTRAINT "ledger_entries_period_month" CHECK (period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$')
);
--> statement-breakpoint
CREATE TABLE "ledger_heads" (
	"book_id" integer NOT NULL,
	"entry_seq" bigint DEFAULT 0 NOT NULL,
	"chain_hash" "bytea" DEFAULT decode(repeat('00', 32), 'hex') NOT NULL,
	CONSTRAINT "ledger_heads_pkey" PRIMARY KEY("book_id"),
	CONSTRAINT "ledger_heads_chain_hash_length" CHECK (octet_length(chain_hash) in (32)),
	CONSTRAINT "ledger_heads_entry_seq_range" CHECK (entry_seq >= 0)
);
--> statement-breakpoint
CREATE TABLE "ledger_postings" (
	"book_id" integer NOT NULL,
	"entry_seq" bigint NOT NULL,
	"leg" smallint NOT NULL,
	"debit_account_id" integer NOT NULL,
	"credit_account_id" integer NOT NULL,
	"asset_id" integer NOT NULL,
	"amount_atomic" numeric(78, 0) NOT NULL,
	CONSTRAINT "ledger_postings_pkey" PRIMARY KEY("book_id","entry_seq","leg"),
	CONSTRAINT "ledger_postings_amount_atomic_range" CHECK (amount_atomic >= 0 and amount_atomic < 2::numeric ^ 256),
	CONSTRAINT "ledger_postings_amount_positive" CHECK (amount_atomic > 0),
	CONSTRAINT "ledger_postings_two_accounts" CHECK (debit_account_id <> credit_account_id),
	CONSTRAINT "ledger_postings_leg_range" CHECK (leg >= 0)
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text NOT NULL,
	"holder" text,
	"fence" bigint DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone DEFAULT '-infinity' NOT NULL,
	CONSTRAINT "leases_pkey" PRIMARY KEY("name"),
	CONSTRAINT "leases_fence_range" CHECK (fence >= 0)
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"book_id" integer NOT NULL,
	"attempt_id" uuid NOT NULL,
	"intent_id" uuid NOT NULL,
	"network_id" smallint NOT NULL,
	"asset_id" integer NOT NULL,
	"replay_key" "bytea" NOT NULL,
	"kind" text NOT NULL,
	"scheme" text NOT NULL,
	"payer" "bytea",
	"nonce" "bytea",
	"amount_atomic" numeric(78, 0) NOT NULL,
	"valid_before" timestamp with time zone,
	"last_valid_height" bigint,
	"request_fingerprint" "bytea",
	"client_net" "bytea",
	"client" text,
	"x402_version" smallint,
	"payload_sealed" "bytea",
	"gas_signer_id" integer,
	"gas_nonce" bigint,
	"signed_tx" "bytea",
	"facilitator_id" uuid,
	"tx_hash" "bytea",
	"status" text DEFAULT 'claimed' NOT NULL,
	"reason" text,
	"raw_reason" text,
	"evidence" jsonb,
	"epoch" integer DEFAULT 1 NOT NULL,
	"lease_owner" uuid,
	"lease_until" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"served_at" timestamp with time zone,
	"released_at" timestamp with time zone,
	"check_at" timestamp with time zone,
	"exposure_atomic" numeric(78, 0),
	"submitted_at" timestamp with time zone,
	"resent_count" smallint DEFAULT 0 NOT NULL,
	"last_sent_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "attempts_pkey" PRIMARY KEY("book_id","attempt_id"),
	CONSTRAINT "attempts_replay_key_length" CHECK (octet_length(replay_key) in (32)),
	CONSTRAINT "attempts_kind_listed" CHECK (kind in ('authorization', 'transfer')),
	CONSTRAINT "attempts_payer_length" CHECK (octet_length(payer) in (20, 32)),
	CONSTRAINT "attempts_nonce_length" CHECK (octet_length(nonce) in (32)),
	CONSTRAINT "attempts_amount_atomic_range" CHECK (amount_atomic >= 0 and amount_atomic < 2::numeric ^ 256),
	CONSTRAINT "attempts_request_fingerprint_length" CHECK (octet_length(request_fingerprint) in (32)),
	CONSTRAINT "attempts_tx_hash_length" CHECK (octet_length(tx_hash) in (32, 64)),
	CONSTRAINT "attempts_status_listed" CHECK (status in ('claimed', 'verified', 'submitting', 'submitted', 'unknown', 'confirmed', 'final', 'failed')),
	CONSTRAINT "attempts_exposure_atomic_range" CHECK (exposure_atomic >= 0 and exposure_atomic < 2::numeric ^ 256),
	CONSTRAINT "attempts_released_before_sent" CHECK (released_at is null or (status = 'failed' and sent_at is null)),
	CONSTRAINT "attempts_sent_has_time" CHECK ((sent_at is not null) = (status in ('submitting', 'submitted', 'unknown', 'confirmed', 'final')) or status = 'failed' or kind = 'transfer'),
	CONSTRAINT "attempts_failed_has_end" CHECK (status <> 'failed' or num_nonnulls(sent_at, released_at) = 1 or kind = 'transfer'),
	CONSTRAINT "attempts_failed_has_reason" CHECK (status <> 'failed' or (reason is not null and reason in ('signature_invalid', 'insufficient_funds', 'verification_refused', 'authorization_canceled', 'authorization_window', 'transfer_proof_required', 'nonce_spent_elsewhere', 'interrupted', 'settlement_unavailable', 'upstream_failed', 'upstream_timeout', 'buyer_gone', 'invoice_canceled', 'authorization_expired', 'reverted'))),
	CONSTRAINT "attempts_authorization_complete" CHECK (kind = 'transfer' or num_nulls(payer, request_fingerprint) = 0),
	CONSTRAINT "attempts_final_keeps_no_payload" CHECK (status <> 'final' or payload_sealed is null),
	CONSTRAINT "attempts_gas_nonce_drawn" CHECK (num_nonnulls(gas_signer_id, gas_nonce, signed_tx) in (0, 3)),
	CONSTRAINT "attempts_epoch_positive" CHECK (epoch > 0),
	CONSTRAINT "attempts_resent_count_range" CHECK (resent_count >= 0)
);
--> statement-breakpoint
CREATE TABLE "gate_processes" (
	"boot_id" uuid NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "gate_processes_pkey" PRIMARY KEY("boot_id")
);
--> statement-breakpoint
CREATE TABLE "payment_intents" (
	"book_id" integer NOT NULL,
	"intent_id" uuid NOT NULL,
	"invoice_id" "bytea" NOT NULL,
	"source" text NOT NULL,
	"terms_number" bigint,
	"endpoint_id" uuid,
	"price_version_id" uuid,
	"plan_id" uuid,
	"network_id" smallint,
	"asset_id" integer,
	"wallet_id" uuid,
	"amount_atomic" numeric(78, 0) NOT NULL,
	"memo_ref" text,
	"reference_key" "bytea",
	"fingerprint" "bytea",
	"order_id" text,
	"metadata" jsonb,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"sequence" integer DEFAULT 0 NOT NULL,
	"payer" "bytea",
	"failure_reason" text,
	"amount_refunded_atomic" numeric(78, 0) DEFAULT 0 NOT NULL,
	"invoice_year" smallint,
	"invoice_no" integer,
	"confirmed_at" timestamp with time zone,
	"final_at" timestamp with time zone,
	CONSTRAINT "payment_intents_pkey" PRIMARY KEY("book_id","intent_id"),
	CONSTRAINT "payment_intents_invoice_id_length" CHECK (octet_length(invoice_id) in (50, 70)),
	CONSTRAINT "payment_intents_source_listed" CHECK (source in ('gate', 'api', 'pay_page')),
	CONSTRAINT "payment_intents_amount_atomic_range" CHECK (amount_atomic >= 0 and amount_atomic < 2::numeric ^ 256),
	CONSTRAINT "payment_intents_reference_key_length" CHECK (octet_length(reference_key) in (32)),
	CONSTRAINT "payment_intents_fingerprint_length" CHECK (octet_length(fingerprint) in (32)),
	CONSTRAINT "payment_intents_status_listed" CHECK (status in ('open', 'processing', 'confirmed', 'final', 'unknown', 'failed', 'expired', 'canceled')),
	CONSTRAINT "payment_intents_payer_length" CHECK (octet_length(payer) in (20, 32)),
	CONSTRAINT "payment_intents_failure_reason_listed" CHECK (failure_reason in ('signature_invalid', 'insufficient_funds', 'verification_refused', 'authorization_canceled', 'authorization_window', 'transfer_proof_required', 'nonce_spent_elsewhere', 'interrupted', 'settlement_unavailable', 'upstream_failed', 'upstream_timeout', 'buyer_gone', 'invoice_canceled', 'authorization_expired', 'reverted')),
	CONSTRAINT "payment_intents_amount_refunded_atomic_range" CHECK (amount_refunded_atomic >= 0 and amount_refunded_atomic < 2::numeric ^ 256),
	CONSTRAINT "payment_intents_network_chosen" CHECK (num_nonnulls(network_id, asset_id, wallet_id) in (0, 3)),
	CONSTRAINT "payment_intents_offer_complete" CHECK (source <> 'gate' or num_nulls(terms_number, endpoint_id, price_version_id, wallet_id) = 0),
	CONSTRAINT "payment_intents_sequence_range" CHECK (sequence >= 0),
	CONSTRAINT "payment_intents_failed_has_reason" CHECK ((status = 'failed') = (failure_reason is not null)),
	CONSTRAINT "payment_intents_invoice_number" CHECK (num_nonnulls(invoice_year, invoice_no) in (0, 2) and invoice_no > 0),
	CONSTRAINT "payment_intents_confirmed_has_number" CHECK (status not in ('confirmed', 'final') or (invoice_no is not null and confirmed_at is not null)),
	CONSTRAINT "payment_intents_final_has_time" CHECK ((status = 'final') = (final_at is not null))
);
--> statement-breakpoint
CREATE TABLE "replay_keys" (
	"book_id" integer NOT NULL,
	"network_id" smallint NOT NULL,
	"replay_key" "bytea" NOT NULL,
	"attempt_id" uuid NOT NULL,
	CONSTRAINT "replay_keys_pkey" PRIMARY KEY("book_id","network_id","replay_key"),
	CONSTRAINT "replay_keys_replay_key_length" CHECK (octet_length(replay_key) in (32))
);
--> statement-breakpoint
CREATE TABLE "books_proofs" (
	"book_id" integer NOT NULL,
	"books_proof_id" uuid NOT NULL,
	"wallet_id" uuid NOT NULL,
	"asset_id" integer NOT NULL,
	"block_number" bigint NOT NULL,
	"block_hash" "bytea" NOT NULL,
	"opening_atomic" numeric(78, 0) NOT NULL,
	"in_atomic" numeric(78, 0) NOT NULL,
	"out_atomic" numeric(78, 0) NOT NULL,
	"closing_atomic" numeric(78, 0) NOT NULL,
	"on_chain_atomic" numeric(78, 0) NOT NULL,
	"difference_atomic" numeric(78, 0) NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "books_proofs_pkey" PRIMARY KEY("book_id","books_proof_id"),
	CONSTRAINT "books_proofs_block_number_range" CHECK (block_number >= 0),
	CONSTRAINT "books_proofs_block_hash_length" CHECK (octet_length(block_hash) in (32)),
	CONSTRAINT "books_proofs_opening_atomic_range" CHECK (opening_atomic >= 0 and opening_atomic < 2::numeric ^ 256),
	CONSTRAINT "books_proofs_in_atomic_range" CHECK (in_atomic >= 0 and in_atomic < 2::numeric ^ 256),
	CONSTRAINT "books_proofs_out_atomic_range" CHECK (out_atomic >= 0 and out_atomic < 2::numeric ^ 256),
	CONSTRAINT "books_proofs_closing_atomic_range" CHECK (abs(closing_atomic) < 2::numeric ^ 256),
	CONSTRAINT "books_proofs_on_chain_atomic_range" CHECK (on_chain_atomic >= 0 and on_chain_atomic < 2::numeric ^ 256),
	CONSTRAINT "books_proofs_difference_atomic_range" CHECK (abs(difference_atomic) < 2::numeric ^ 256),
	CONSTRAINT "books_proofs_closing_sum" CHECK (closing_atomic = opening_atomic + in_atomic - out_atomic),
	CONSTRAINT "books_proofs_difference_sum" CHECK (difference_atomic = on_chain_atomic - closing_atomic)
);
--> statement-breakpoint
CREATE TABLE "event_feed" (
	"book_id" integer NOT NULL,
	"position" bigint NOT NULL,
	"event_id" uuid NOT NULL,
	CONSTRAINT "event_feed_pkey" PRIMARY KEY("book_id","position"),
	CONSTRAINT "event_feed_position_positive" CHECK (position > 0)
);
--> statement-breakpoint
CREATE TABLE "events" (
	"book_id" integer NOT NULL,
	"event_id" uuid NOT NULL,
	"type" text NOT NULL,
	"intent_id" uuid,
	"sequence" integer,
	"from_status" text,
	"to_status" text,
	"cause_id" uuid,
	"evidence" jsonb,
	"body_hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "events_pkey" PRIMARY KEY("book_id","event_id"),
	CONSTRAINT "events_sequence" UNIQUE("book_id","intent_id","sequence"),
	CONSTRAINT "events_body_hash_length" CHECK (octet_length(body_hash) in (32)),
	CONSTRAINT "events_type_dotted" CHECK (type ~ '^[a-z_]+([.][a-z_]+)+$'),
	CONSTRAINT "events_sequence_of_intent" CHECK (num_nonnulls(intent_id, sequence) in (0, 2) and sequence > 0)
);
--> statement-breakpoint
CREATE TABLE "feed_heads" (
	"book_id" integer NOT NULL,
	"position" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "feed_heads_pkey" PRIMARY KEY("book_id"),
	CONSTRAINT "feed_heads_position_range" CHECK (position >= 0)
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"outbox_id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "outbox_outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"book_id" integer NOT NULL,
	"event_id" uuid NOT NULL,
	CONSTRAINT "outbox_pkey" PRIMARY KEY("outbox_id")
);
--> statement-breakpoint
ALTER TABLE "assets" ADD CONSTRAINT "assets_network_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("network_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "books" ADD CONSTRAINT "books_merchant_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("merchant_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "merchant_hosts" ADD CONSTRAINT "merchant_hosts_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocations" ADD CONSTRAINT "allocations_transfer_fk" FOREIGN KEY ("book_id","transfer_id") REFERENCES "public"."transfers"("book_id","transfer_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocations" ADD CONSTRAINT "allocations_intent_fk" FOREIGN KEY ("book_id","intent_id") REFERENCES "public"."payment_intents"("book_id","intent_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "block_headers" ADD CONSTRAINT "block_headers_network_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("network_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "coverage" ADD CONSTRAINT "coverage_wallet_asset_fk" FOREIGN KEY ("book_id","wallet_id","asset_id") REFERENCES "public"."wallet_assets"("book_id","wallet_id","asset_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cursors" ADD CONSTRAINT "cursors_network_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("network_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "discrepancies" ADD CONSTRAINT "discrepancies_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "discrepancies" ADD CONSTRAINT "discrepancies_intent_fk" FOREIGN KEY ("book_id","intent_id") REFERENCES "public"."payment_intents"("book_id","intent_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "discrepancies" ADD CONSTRAINT "discrepancies_transfer_fk" FOREIGN KEY ("book_id","transfer_id") REFERENCES "public"."transfers"("book_id","transfer_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_from_wallet_fk" FOREIGN KEY ("book_id","from_wallet_id","network_id") REFERENCES "public"."wallets"("book_id","wallet_id","network_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_to_wallet_fk" FOREIGN KEY ("book_id","to_wallet_id","network_id") REFERENCES "public"."wallets"("book_id","wallet_id","network_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_asset_fk" FOREIGN KEY ("network_id","asset_id") REFERENCES "public"."assets"("network_id","asset_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_replaces_fk" FOREIGN KEY ("book_id","replaces") REFERENCES "public"."api_keys"("book_id","api_key_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "data_keys" ADD CONSTRAINT "data_keys_merchant_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("merchant_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "endpoints" ADD CONSTRAINT "endpoints_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gas_signers" ADD CONSTRAINT "gas_signers_network_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("network_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_amounts" ADD CONSTRAINT "price_amounts_price_version_fk" FOREIGN KEY ("book_id","price_version_id") REFERENCES "public"."price_versions"("book_id","price_version_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_amounts" ADD CONSTRAINT "price_amounts_asset_fk" FOREIGN KEY ("network_id","asset_id") REFERENCES "public"."assets"("network_id","asset_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_versions" ADD CONSTRAINT "price_versions_endpoint_fk" FOREIGN KEY ("book_id","endpoint_id") REFERENCES "public"."endpoints"("book_id","endpoint_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seal_keys" ADD CONSTRAINT "seal_keys_book_fk" FOREIGN KEY ("for_book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terms_versions" ADD CONSTRAINT "terms_versions_endpoint_fk" FOREIGN KEY ("book_id","endpoint_id") REFERENCES "public"."endpoints"("book_id","endpoint_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terms_versions" ADD CONSTRAINT "terms_versions_price_version_fk" FOREIGN KEY ("book_id","price_version_id") REFERENCES "public"."price_versions"("book_id","price_version_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallet_assets" ADD CONSTRAINT "wallet_assets_wallet_fk" FOREIGN KEY ("book_id","wallet_id") REFERENCES "public"."wallets"("book_id","wallet_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallet_assets" ADD CONSTRAINT "wallet_assets_asset_fk" FOREIGN KEY ("asset_id") REFERENCES "public"."assets"("asset_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallet_assignments" ADD CONSTRAINT "wallet_assignments_wallet_fk" FOREIGN KEY ("book_id","wallet_id","network_id") REFERENCES "public"."wallets"("book_id","wallet_id","network_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_book_mode_fk" FOREIGN KEY ("book_id","mode") REFERENCES "public"."books"("book_id","mode") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_network_mode_fk" FOREIGN KEY ("network_id","mode") REFERENCES "public"."networks"("network_id","mode") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_counters" ADD CONSTRAINT "invoice_counters_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_accounts" ADD CONSTRAINT "ledger_accounts_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_accounts" ADD CONSTRAINT "ledger_accounts_endpoint_fk" FOREIGN KEY ("book_id","endpoint_id") REFERENCES "public"."endpoints"("book_id","endpoint_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_accounts" ADD CONSTRAINT "ledger_accounts_wallet_fk" FOREIGN KEY ("book_id","wallet_id") REFERENCES "public"."wallets"("book_id","wallet_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_intent_fk" FOREIGN KEY ("book_id","intent_id") REFERENCES "public"."payment_intents"("book_id","intent_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_heads" ADD CONSTRAINT "ledger_heads_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_postings" ADD CONSTRAINT "ledger_postings_entry_fk" FOREIGN KEY ("book_id","entry_seq") REFERENCES "public"."ledger_entries"("book_id","entry_seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_postings" ADD CONSTRAINT "ledger_postings_debit_fk" FOREIGN KEY ("book_id","debit_account_id") REFERENCES "public"."ledger_accounts"("book_id","account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_postings" ADD CONSTRAINT "ledger_postings_credit_fk" FOREIGN KEY ("book_id","credit_account_id") REFERENCES "public"."ledger_accounts"("book_id","account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_postings" ADD CONSTRAINT "ledger_postings_asset_fk" FOREIGN KEY ("asset_id") REFERENCES "public"."assets"("asset_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_intent_fk" FOREIGN KEY ("book_id","intent_id") REFERENCES "public"."payment_intents"("book_id","intent_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_gas_signer_fk" FOREIGN KEY ("gas_signer_id") REFERENCES "public"."gas_signers"("gas_signer_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_intents" ADD CONSTRAINT "payment_intents_terms_fk" FOREIGN KEY ("book_id","terms_number","endpoint_id","price_version_id") REFERENCES "public"."terms_versions"("book_id","number","endpoint_id","price_version_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_intents" ADD CONSTRAINT "payment_intents_endpoint_fk" FOREIGN KEY ("book_id","endpoint_id") REFERENCES "public"."endpoints"("book_id","endpoint_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_intents" ADD CONSTRAINT "payment_intents_wallet_fk" FOREIGN KEY ("book_id","wallet_id","network_id") REFERENCES "public"."wallets"("book_id","wallet_id","network_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_intents" ADD CONSTRAINT "payment_intents_asset_fk" FOREIGN KEY ("network_id","asset_id") REFERENCES "public"."assets"("network_id","asset_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "books_proofs" ADD CONSTRAINT "books_proofs_wallet_asset_fk" FOREIGN KEY ("book_id","wallet_id","asset_id") REFERENCES "public"."wallet_assets"("book_id","wallet_id","asset_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_intent_fk" FOREIGN KEY ("book_id","intent_id") REFERENCES "public"."payment_intents"("book_id","intent_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_heads" ADD CONSTRAINT "feed_heads_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "allocations_active" ON "allocations" USING btree ("book_id","transfer_id","leg") WHERE reversed_at is null;--> statement-breakpoint
CREATE INDEX "allocations_intent" ON "allocations" USING btree ("book_id","intent_id") WHERE intent_id is not null;--> statement-breakpoint
CREATE INDEX "block_headers_number" ON "block_headers" USING btree ("network_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "coverage_open" ON "coverage" USING btree ("book_id","wallet_id","asset_id") WHERE to_block is null;--> statement-breakpoint
CREATE UNIQUE INDEX "discrepancies_open" ON "discrepancies" USING btree ("book_id","kind","subject_id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "discrepancies_intent" ON "discrepancies" USING btree ("book_id","intent_id") WHERE intent_id is not null;--> statement-breakpoint
CREATE INDEX "transfers_block" ON "transfers" USING btree ("network_id","block_number");--> statement-breakpoint
CREATE UNIQUE INDEX "endpoints_route" ON "endpoints" USING btree ("book_id","method","path") WHERE archived_at is null;--> statement-breakpoint
CREATE INDEX "terms_versions_endpoint" ON "terms_versions" USING btree ("book_id","endpoint_id");--> statement-breakpoint
CREATE INDEX "wallet_assignments_effective" ON "wallet_assignments" USING btree ("book_id","network_id","effective_from");--> statement-breakpoint
CREATE INDEX "ledger_entries_intent" ON "ledger_entries" USING btree ("book_id","intent_id") WHERE intent_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_live" ON "attempts" USING btree ("book_id","intent_id") WHERE status <> 'failed';--> statement-breakpoint
CREATE INDEX "attempts_intent" ON "attempts" USING btree ("book_id","intent_id");--> statement-breakpoint
CREATE INDEX "attempts_in_flight" ON "attempts" USING btree ("book_id","payer") WHERE status in ('claimed', 'verified', 'submitting', 'submitted', 'unknown');--> statement-breakpoint
CREATE INDEX "attempts_unserved" ON "attempts" USING btree ("sent_at") WHERE served_at is null and status in ('submitted', 'confirmed', 'final');--> statement-breakpoint
CREATE INDEX "attempts_tx" ON "attempts" USING btree ("book_id","tx_hash") WHERE tx_hash is not null;--> statement-breakpoint
CREATE INDEX "attempts_due" ON "attempts" USING btree ("check_at") WHERE check_at is not null;--> statement-breakpoint
CREATE INDEX "payment_intents_endpoint" ON "payment_intents" USING btree ("book_id","endpoint_id","intent_id");--> statement-breakpoint
CREATE INDEX "payment_intents_payer" ON "payment_intents" USING btree ("book_id","payer","intent_id") WHERE payer is not null;--> statement-breakpoint
CREATE INDEX "payment_intents_attention" ON "payment_intents" USING btree ("book_id","status","intent_id") WHERE status in ('open', 'processing', 'unknown', 'failed', 'expired', 'canceled');--> statement-breakpoint
CREATE INDEX "payment_intents_order" ON "payment_intents" USING btree ("book_id","order_id") WHERE order_id is not null;--> statement-breakpoint
CREATE INDEX "payment_intents_overdue" ON "payment_intents" USING btree ("expires_at") WHERE status = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "payment_intents_invoice" ON "payment_intents" USING btree ("book_id","invoice_year","invoice_no") WHERE invoice_no is not null;