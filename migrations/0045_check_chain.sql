CREATE TABLE "chain_checks" (
	"network_id" smallint NOT NULL,
	"kind" text NOT NULL,
	"through_number" bigint NOT NULL,
	"through_hash" "bytea" NOT NULL,
	"is_other_node" boolean NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	"found_count" bigint DEFAULT 0 NOT NULL,
	"found_at" timestamp with time zone,
	"left_out_count" bigint DEFAULT 0 NOT NULL,
	"left_out_at" timestamp with time zone,
	"ghost_count" bigint DEFAULT 0 NOT NULL,
	"ghost_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "chain_checks_pkey" PRIMARY KEY("network_id","kind"),
	CONSTRAINT "chain_checks_kind_listed" CHECK (kind in ('overlap', 'safe', 'final')),
	CONSTRAINT "chain_checks_through_number_range" CHECK (through_number >= 0),
	CONSTRAINT "chain_checks_through_hash_length" CHECK (octet_length(through_hash) in (32)),
	CONSTRAINT "chain_checks_counts" CHECK (least(found_count, left_out_count, ghost_count) >= 0)
);
--> statement-breakpoint
CREATE TABLE "rpc_usage" (
	"network_id" smallint NOT NULL,
	"node" text NOT NULL,
	"month" date NOT NULL,
	"requests" bigint NOT NULL,
	"calls" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rpc_usage_pkey" PRIMARY KEY("network_id","node","month"),
	CONSTRAINT "rpc_usage_counts" CHECK (least(requests, calls) >= 0)
);
--> statement-breakpoint
ALTER TABLE "networks" ADD COLUMN "has_safe_tag" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "networks" ADD COLUMN "final_seconds" integer DEFAULT 1200 NOT NULL;--> statement-breakpoint
ALTER TABLE "networks" ADD COLUMN "reorg_blocks" smallint DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "chain_checks" ADD CONSTRAINT "chain_checks_network_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("network_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rpc_usage" ADD CONSTRAINT "rpc_usage_network_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("network_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "networks" ADD CONSTRAINT "networks_habits_range" CHECK (final_seconds > 0 and reorg_blocks >= 0);
--> statement-breakpoint
-- Base's batches are on Ethereum within two minutes (safe) and final there after some twenty; one of its blocks ever was
-- reorganized. Polygon's milestones end a block within seconds, and its nodes have no safe block of their own. Ethereum's
-- two epochs take thirteen minutes. Arbitrum's sequencer makes no reorgs, and its batches are final with Ethereum's
-- blocks. Avalanche's accepted blocks are final.
update networks n set has_safe_tag = h.safe, final_seconds = h.seconds, reorg_blocks = h.blocks
  from (values (1, true, 1200, 1), (2, true, 1200, 1), (3, false, 30, 2), (4, true, 900, 2), (5, true, 1200, 0),
    (6, false, 10, 0)) h (network_id, safe, seconds, blocks)
  where n.network_id = h.network_id;
--> statement-breakpoint
-- The worker that reads a network a second time tells what it found; everybody looks.
grant select, insert, update on chain_checks to tollbook_worker;
--> statement-breakpoint
grant select on chain_checks to tollbook_app, tollbook_reader;
--> statement-breakpoint
-- Every process counts what it asks.
grant select, insert, update on rpc_usage to tollbook_app, tollbook_worker;
--> statement-breakpoint
grant select on rpc_usage to tollbook_reader;
--> statement-breakpoint
-- A wallet may be watched from a block that was read already: it is live from the next one on, and what lies between is
-- read afterwards. No other interval can be opened through this.
create function cover_wallet_asset(book_id integer, wallet_id uuid, asset_id integer, live_from bigint) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into coverage (book_id, wallet_id, asset_id, from_block)
  select wa.book_id, wa.wallet_id, wa.asset_id, greatest(wa.watch_from_block, cover_wallet_asset.live_from)
  from wallet_assets wa
  where wa.book_id = cover_wallet_asset.book_id and wa.wallet_id = cover_wallet_asset.wallet_id
    and wa.asset_id = cover_wallet_asset.asset_id
    and not exists (
      select from coverage c
      where c.book_id = wa.book_id and c.wallet_id = wa.wallet_id and c.asset_id = wa.asset_id
    )
$$;
--> statement-breakpoint
revoke execute on function cover_wallet_asset(integer, uuid, integer, bigint) from public;
--> statement-breakpoint
grant execute on function cover_wallet_asset(integer, uuid, integer, bigint) to tollbook_app;
