import { facilitatorAuths, facilitatorKinds, modes, settleModes } from '@tollbook/domain';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  cidr,
  foreignKey,
  index,
  inet,
  integer,
  jsonb,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { assets, books, merchants, networks } from './catalogue.js';
import {
  address,
  amountAtomic,
  blockNumber,
  bookId,
  bytes,
  createdAt,
  instant,
  status,
  table,
  uuidKey,
} from './columns.js';

const sealScopes = ['instance', 'delegated'] as const;

/** Keys of the merchant API; the secret is known by its hash alone. Read before the book is known: `find_api_key`. */
export const apiKeys = table(
  'api_keys',
  {
    bookId: bookId(),
    apiKeyId: uuidKey('api_key_id'),
    name: text('name').notNull(),
    /** The part of the key that is no secret. */
    lookup: text('lookup').notNull(),
    keyHash: bytes('key_hash', 32).notNull(),
    scopes: text('scopes').array().notNull(),
    /** Null allows every address. */
    allowedCidrs: cidr('allowed_cidrs').array(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
    /** The key that this one takes over from. */
    replaces: uuid('replaces'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'api_keys_pkey', columns: [t.bookId, t.apiKeyId] }),
    unique('api_keys_lookup').on(t.lookup),
    foreignKey({ name: 'api_keys_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    foreignKey({
      name: 'api_keys_replaces_fk',
      columns: [t.bookId, t.replaces],
      foreignColumns: [t.bookId, t.apiKeyId],
    }),
  ],
);

/** When a key was last seen, apart from it: a soft commit a minute, and no churn on the key's own row. */
export const apiKeyUses = table(
  'api_key_uses',
  {
    bookId: bookId(),
    apiKeyId: uuid('api_key_id').notNull(),
    lastUsedAt: instant('last_used_at').notNull().defaultNow(),
    address: inet('address'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'api_key_uses_pkey', columns: [t.bookId, t.apiKeyId] }),
    foreignKey({
      name: 'api_key_uses_key_fk',
      columns: [t.bookId, t.apiKeyId],
      foreignColumns: [apiKeys.bookId, apiKeys.apiKeyId],
    }),
  ],
);

/** Receiving addresses. `mode` is bound twice, so a test book cannot hold a live wallet. Watched for ever. */
export const wallets = table(
  'wallets',
  {
    bookId: bookId(),
    walletId: uuidKey('wallet_id'),
    mode: status('mode', modes).notNull(),
    networkId: smallint('network_id').notNull(),
    address: address('address').notNull(),
    label: text('label').notNull().default(''),
    isOwnContract: boolean('is_own_contract').notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'wallets_pkey', columns: [t.bookId, t.walletId] }),
    unique('wallets_address').on(t.networkId, t.address),
    unique('wallets_network').on(t.bookId, t.walletId, t.networkId),
    foreignKey({
      name: 'wallets_book_mode_fk',
      columns: [t.bookId, t.mode],
      foreignColumns: [books.bookId, books.mode],
    }),
    foreignKey({
      name: 'wallets_network_mode_fk',
      columns: [t.networkId, t.mode],
      foreignColumns: [networks.networkId, networks.mode],
    }),
  ],
);

/** Which tokens of a wallet are followed, and from which block. */
export const walletAssets = table(
  'wallet_assets',
  {
    bookId: bookId(),
    walletId: uuid('wallet_id').notNull(),
    assetId: integer('asset_id').notNull(),
    tokenAccount: bytes('token_account', 32),
    watchFromBlock: blockNumber('watch_from_block').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'wallet_assets_pkey', columns: [t.bookId, t.walletId, t.assetId] }),
    foreignKey({
      name: 'wallet_assets_wallet_fk',
      columns: [t.bookId, t.walletId],
      foreignColumns: [wallets.bookId, wallets.walletId],
    }),
    foreignKey({ name: 'wallet_assets_asset_fk', columns: [t.assetId], foreignColumns: [assets.assetId] }),
  ],
);

/** The receiving address at t is the newest row not cancelled with `effective_from` at or before t. */
export const walletAssignments = table(
  'wallet_assignments',
  {
    bookId: bookId(),
    walletAssignmentId: uuidKey('wallet_assignment_id'),
    networkId: smallint('network_id').notNull(),
    walletId: uuid('wallet_id').notNull(),
    effectiveFrom: instant('effective_from').notNull(),
    canceledAt: instant('canceled_at'),
    reason: text('reason').notNull().default(''),
    actorId: text('actor_id'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'wallet_assignments_pkey', columns: [t.bookId, t.walletAssignmentId] }),
    index('wallet_assignments_effective').on(t.bookId, t.networkId, t.effectiveFrom),
    foreignKey({
      name: 'wallet_assignments_wallet_fk',
      columns: [t.bookId, t.walletId, t.networkId],
      foreignColumns: [wallets.bookId, wallets.walletId, wallets.networkId],
    }),
  ],
);

/** What is sold: one method and path pattern of an upstream. */
export const endpoints = table(
  'endpoints',
  {
    bookId: bookId(),
    endpointId: uuidKey('endpoint_id'),
    method: text('method').notNull(),
    path: text('path').notNull(),
    /** Null where the merchant's own server asks through the SDK. */
    upstreamUrl: text('upstream_url'),
    settleMode: status('settle_mode', settleModes).notNull(),
    isObserved: boolean('is_observed').notNull().default(false),
    isEnabled: boolean('is_enabled').notNull().default(true),
    /** Whether every payment must bring an identifier of its buyer's. */
    requiresIdentifier: boolean('requires_identifier').notNull().default(false),
    timeoutMs: integer('timeout_ms').notNull(),
    /** Null in each of these: whatever the instance's settings say. */
    requestBytesMax: integer('request_bytes_max'),
    heldBytesMax: integer('held_bytes_max'),
    exposureMax: bigint('exposure_max', { mode: 'bigint' }),
    limits: jsonb('limits').notNull().default({}),
    /** What buyers are told it is, in every offer. */
    description: text('description').notNull().default(''),
    archivedAt: instant('archived_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'endpoints_pkey', columns: [t.bookId, t.endpointId] }),
    uniqueIndex('endpoints_route').on(t.bookId, t.method, t.path).where(sql`archived_at is null`),
    foreignKey({ name: 'endpoints_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    check('endpoints_method_upper', sql`method = upper(method)`),
    check('endpoints_path_rooted', sql`path like '/%'`),
    check('endpoints_timeout_ms_positive', sql`timeout_ms > 0`),
    check('endpoints_caps_not_negative', sql`request_bytes_max >= 0 and held_bytes_max >= 0 and exposure_max >= 0`),
  ],
);

/** What the merchant decided to ask, append-only: going back is a new version. */
export const priceVersions = table(
  'price_versions',
  {
    bookId: bookId(),
    priceVersionId: uuidKey('price_version_id'),
    endpointId: uuid('endpoint_id'),
    planId: uuid('plan_id'),
    versionNo: integer('version_no').notNull(),
    model: text('model').notNull(),
    rules: jsonb('rules').notNull().default({}),
    effectiveFrom: instant('effective_from').notNull(),
    author: text('author').notNull(),
    reason: text('reason').notNull().default(''),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'price_versions_pkey', columns: [t.bookId, t.priceVersionId] }),
    unique('price_versions_number').on(t.bookId, t.endpointId, t.versionNo),
    foreignKey({
      name: 'price_versions_endpoint_fk',
      columns: [t.bookId, t.endpointId],
      foreignColumns: [endpoints.bookId, endpoints.endpointId],
    }),
    check('price_versions_one_subject', sql`num_nonnulls(endpoint_id, plan_id) = 1`),
    check('price_versions_version_no_positive', sql`version_no > 0`),
  ],
);

/** The amount of a price version on each network that it accepts. */
export const priceAmounts = table(
  'price_amounts',
  {
    bookId: bookId(),
    priceVersionId: uuid('price_version_id').notNull(),
    networkId: smallint('network_id').notNull(),
    assetId: integer('asset_id').notNull(),
    amountAtomic: amountAtomic('amount_atomic').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'price_amounts_pkey', columns: [t.bookId, t.priceVersionId, t.networkId] }),
    foreignKey({
      name: 'price_amounts_price_version_fk',
      columns: [t.bookId, t.priceVersionId],
      foreignColumns: [priceVersions.bookId, priceVersions.priceVersionId],
    }),
    foreignKey({
      name: 'price_amounts_asset_fk',
      columns: [t.networkId, t.assetId],
      foreignColumns: [assets.networkId, assets.assetId],
    }),
  ],
);

/** A price version made complete, named in every offer by `number`. Read before the book is known: `find_terms`. */
export const termsVersions = table(
  'terms_versions',
  {
    bookId: bookId(),
    number: bigint('number', { mode: 'bigint' }).notNull().generatedAlwaysAsIdentity(),
    endpointId: uuid('endpoint_id').notNull(),
    priceVersionId: uuid('price_version_id').notNull(),
    settleMode: status('settle_mode', settleModes).notNull(),
    offerTtlSeconds: integer('offer_ttl_s').notNull(),
    maxTimeoutSeconds: integer('max_timeout_s').notNull(),
    pricedQuery: text('priced_query').array().notNull(),
    pricesBody: boolean('prices_body').notNull(),
    networks: jsonb('networks').notNull(),
    inForceFrom: instant('in_force_from').notNull(),
    supersededAt: instant('superseded_at'),
    revokedAt: instant('revoked_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'terms_versions_pkey', columns: [t.bookId, t.number] }),
    unique('terms_versions_number').on(t.number),
    // What an intent's foreign key names: endpoint and price version follow from the terms in one look-up.
    unique('terms_versions_subject').on(t.bookId, t.number, t.endpointId, t.priceVersionId),
    index('terms_versions_endpoint').on(t.bookId, t.endpointId),
    foreignKey({
      name: 'terms_versions_endpoint_fk',
      columns: [t.bookId, t.endpointId],
      foreignColumns: [endpoints.bookId, endpoints.endpointId],
    }),
    foreignKey({
      name: 'terms_versions_price_version_fk',
      columns: [t.bookId, t.priceVersionId],
      foreignColumns: [priceVersions.bookId, priceVersions.priceVersionId],
    }),
    check('terms_versions_number_48_bits', sql`number > 0 and number < 281474976710656`),
    check('terms_versions_offer_ttl_positive', sql`offer_ttl_s > 0`),
    check('terms_versions_max_timeout_positive', sql`max_timeout_s > 0`),
  ],
);

/** Keys that seal invoice ids, named there by four bytes. Secrets are sealed; no book, no row-level security. */
export const sealKeys = table(
  'seal_keys',
  {
    keyId: integer('key_id').notNull().generatedByDefaultAsIdentity(),
    scope: status('scope', sealScopes).notNull(),
    forBookId: integer('for_book_id'),
    secretSealed: bytes('secret_sealed').notNull(),
    sealFrom: instant('seal_from').notNull(),
    sealUntil: instant('seal_until').notNull(),
    revokedAt: instant('revoked_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'seal_keys_pkey', columns: [t.keyId] }),
    foreignKey({ name: 'seal_keys_book_fk', columns: [t.forBookId], foreignColumns: [books.bookId] }),
    check('seal_keys_scope_book', sql`(scope = 'instance') = (for_book_id is null)`),
    check('seal_keys_window', sql`seal_until > seal_from`),
    check('seal_keys_key_id_positive', sql`key_id > 0`),
  ],
);

/** Keys that seal columns, wrapped by the master key. Null merchant = the instance's own. */
export const dataKeys = table(
  'data_keys',
  {
    keyId: integer('key_id').notNull().generatedByDefaultAsIdentity(),
    merchantId: uuid('merchant_id'),
    wrappedKey: bytes('wrapped_key').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'data_keys_pkey', columns: [t.keyId] }),
    foreignKey({ name: 'data_keys_merchant_fk', columns: [t.merchantId], foreignColumns: [merchants.merchantId] }),
    check('data_keys_key_id_positive', sql`key_id > 0`),
  ],
);

/** Keys of the built-in facilitator; `next_nonce` is drawn under `for update` where a send is decided. */
export const gasSigners = table(
  'gas_signers',
  {
    gasSignerId: integer('gas_signer_id').notNull().generatedAlwaysAsIdentity(),
    networkId: smallint('network_id').notNull(),
    address: address('address').notNull(),
    keySealed: bytes('key_sealed').notNull(),
    nextNonce: bigint('next_nonce', { mode: 'bigint' }).notNull().default(sql`0`),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'gas_signers_pkey', columns: [t.gasSignerId] }),
    unique('gas_signers_address').on(t.networkId, t.address),
    foreignKey({ name: 'gas_signers_network_fk', columns: [t.networkId], foreignColumns: [networks.networkId] }),
    check('gas_signers_next_nonce_range', sql`next_nonce >= 0`),
  ],
);

/** Who settles for a book, in the order in which they are asked. Without a row it is the built-in one. */
export const facilitators = table(
  'facilitators',
  {
    bookId: bookId(),
    facilitatorId: uuidKey('facilitator_id'),
    kind: status('kind', facilitatorKinds).notNull(),
    name: text('name').notNull(),
    /** Null for the built-in one. */
    url: text('url'),
    auth: status('auth', facilitatorAuths).notNull().default('none'),
    credentialsSealed: bytes('credentials_sealed'),
    /** Lower is asked first. */
    position: smallint('position').notNull(),
    /** Whether `/verify` is asked before anything is sent. */
    verifiesFirst: boolean('verifies_first').notNull().default(false),
    /** Whether a refusal without a transaction ends a payment by its word alone. */
    trustsRefusals: boolean('trusts_refusals').notNull().default(false),
    /** Told by a person: what is sent there can be read on the way. */
    allowsPlainHttp: boolean('allows_plain_http').notNull().default(false),
    isEnabled: boolean('is_enabled').notNull().default(true),
    archivedAt: instant('archived_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'facilitators_pkey', columns: [t.bookId, t.facilitatorId] }),
    uniqueIndex('facilitators_built_in').on(t.bookId).where(sql`kind = 'built_in' and archived_at is null`),
    foreignKey({ name: 'facilitators_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    check('facilitators_remote_has_url', sql`(kind = 'remote') = (url is not null)`),
    check('facilitators_auth_has_credentials', sql`(auth = 'none') = (credentials_sealed is null)`),
    check('facilitators_position_range', sql`position >= 0`),
    check('facilitators_archived_is_off', sql`archived_at is null or not is_enabled`),
  ],
);
