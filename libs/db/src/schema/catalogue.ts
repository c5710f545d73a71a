import { modes, networkFamilies } from '@tollbook/domain';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  foreignKey,
  integer,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { bytes, createdAt, status, table } from './columns.js';

/** Networks as data: nothing about a chain is written into code paths. No book, no row-level security. */
export const networks = table(
  'networks',
  {
    networkId: smallint('network_id').notNull(),
    caip2: text('caip2').notNull(),
    mode: status('mode', modes).notNull(),
    family: status('family', networkFamilies).notNull(),
    blockMs: integer('block_ms').notNull(),
    /** Blocks on top before a transfer is confirmed; null means the chain's own `confirmed` commitment. */
    confirmDepth: smallint('confirm_depth'),
    /** Whether its nodes know a `safe` block between the newest and the final one. */
    hasSafeTag: boolean('has_safe_tag').notNull().default(true),
    /** How old the newest final block usually is. */
    finalSeconds: integer('final_seconds').notNull().default(1_200),
    /** The deepest reorg that is ordinary there, in blocks. */
    reorgBlocks: smallint('reorg_blocks').notNull().default(1),
    /** Address of a block explorer's transaction page, up to the hash. */
    explorer: text('explorer'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'networks_pkey', columns: [t.networkId] }),
    unique('networks_caip2').on(t.caip2),
    unique('networks_mode').on(t.networkId, t.mode),
    check('networks_block_ms_positive', sql`block_ms > 0`),
    check('networks_confirm_depth_known', sql`family = 'svm' or confirm_depth is not null`),
    check('networks_confirm_depth_range', sql`confirm_depth >= 0`),
    check('networks_habits_range', sql`final_seconds > 0 and reorg_blocks >= 0`),
  ],
);

/** What amounts are counted in. Identity is network and contract, never the symbol. */
export const assets = table(
  'assets',
  {
    assetId: integer('asset_id').notNull(),
    networkId: smallint('network_id').notNull(),
    contract: bytes('contract', 20, 32).notNull(),
    tokenProgram: bytes('token_program', 32),
    symbol: text('symbol').notNull(),
    decimals: smallint('decimals').notNull(),
    eip712Name: text('eip712_name'),
    eip712Version: text('eip712_version'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'assets_pkey', columns: [t.assetId] }),
    unique('assets_contract').on(t.networkId, t.contract),
    unique('assets_network').on(t.networkId, t.assetId),
    foreignKey({ name: 'assets_network_fk', columns: [t.networkId], foreignColumns: [networks.networkId] }),
    check('assets_decimals_range', sql`decimals between 0 and 77`),
  ],
);

/** Who sells: owner of up to one book per mode. */
export const merchants = table(
  'merchants',
  {
    merchantId: uuid('merchant_id').notNull(),
    /** The auth library's organization; referred to without a foreign key. */
    organizationId: text('organization_id'),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'merchants_pkey', columns: [t.merchantId] }),
    unique('merchants_slug').on(t.slug),
    check('merchants_slug_plain', sql`slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'`),
  ],
);

/** One merchant in one mode: the unit of tenancy, of the hash chain and of invoice numbers. */
export const books = table(
  'books',
  {
    bookId: integer('book_id').notNull().generatedAlwaysAsIdentity(),
    merchantId: uuid('merchant_id').notNull(),
    mode: status('mode', modes).notNull(),
    /** What stands after `/g/`. */
    gateSlug: text('gate_slug').notNull(),
    /** IANA zone of the accounting day; a change counts from the next day on. */
    timeZone: text('time_zone').notNull().default('UTC'),
    /** Rises with any change of price, endpoint, wallet or limit; the gate's cache follows it. */
    configVersion: bigint('config_version', { mode: 'bigint' }).notNull().default(sql`1`),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'books_pkey', columns: [t.bookId] }),
    unique('books_gate_slug').on(t.gateSlug),
    unique('books_merchant_mode').on(t.merchantId, t.mode),
    unique('books_mode').on(t.bookId, t.mode),
    foreignKey({ name: 'books_merchant_fk', columns: [t.merchantId], foreignColumns: [merchants.merchantId] }),
    check('books_gate_slug_plain', sql`gate_slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'`),
    check('books_config_version_positive', sql`config_version > 0`),
  ],
);

/** Host names of a merchant's own that lead to one book. */
export const merchantHosts = table(
  'merchant_hosts',
  {
    host: text('host').notNull(),
    bookId: integer('book_id').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'merchant_hosts_pkey', columns: [t.host] }),
    foreignKey({ name: 'merchant_hosts_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    check('merchant_hosts_host_lower', sql`host = lower(host)`),
  ],
);
