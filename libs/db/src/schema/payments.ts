import {
  attemptKinds,
  attemptStatuses,
  failureReasons,
  intentSources,
  intentStatuses,
  settleModes,
} from '@tollbook/domain';
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { assets } from './catalogue.js';
import {
  address,
  amountAtomic,
  blockNumber,
  bookId,
  bytes,
  createdAt,
  instant,
  literals,
  status,
  table,
  txHash,
  uuidKey,
} from './columns.js';
import { endpoints, facilitators, gasSigners, termsVersions, wallets } from './configuration.js';

/** One purchase. Its terms, up to `created_at`, are frozen by the trigger `guard`; the rest follows the table of moves. */
export const paymentIntents = table(
  'payment_intents',
  {
    bookId: bookId(),
    intentId: uuidKey('intent_id'),
    invoiceId: bytes('invoice_id', 50, 70).notNull(),
    source: status('source', intentSources).notNull(),
    /** The terms version an offer named; null for an intent made by the API. */
    termsNumber: bigint('terms_number', { mode: 'bigint' }),
    endpointId: uuid('endpoint_id'),
    priceVersionId: uuid('price_version_id'),
    planId: uuid('plan_id'),
    /** Network, asset and wallet are null together, where several are accepted and none is chosen yet. */
    networkId: smallint('network_id'),
    assetId: integer('asset_id'),
    walletId: uuid('wallet_id'),
    amountAtomic: amountAtomic('amount_atomic').notNull(),
    memoRef: text('memo_ref'),
    referenceKey: bytes('reference_key', 32),
    fingerprint: bytes('fingerprint', 32),
    orderId: text('order_id'),
    metadata: jsonb('metadata'),
    /** What the merchant sells by a stored intent, in its own words. */
    description: text('description'),
    expiresAt: instant('expires_at').notNull(),
    createdAt: createdAt(),
    status: status('status', intentStatuses).notNull().default('open'),
    /** Number of the newest event; 0 before the first. */
    sequence: integer('sequence').notNull().default(0),
    payer: address('payer'),
    failureReason: status('failure_reason', failureReasons),
    amountRefundedAtomic: amountAtomic('amount_refunded_atomic').notNull().default(sql`0`),
    invoiceYear: smallint('invoice_year'),
    invoiceNo: integer('invoice_no'),
    confirmedAt: instant('confirmed_at'),
    finalAt: instant('final_at'),
    /** By which a transfer names it; set once. */
    reservedAtomic: amountAtomic('reserved_atomic'),
  },
  (t) => [
    primaryKey({ name: 'payment_intents_pkey', columns: [t.bookId, t.intentId] }),
    index('payment_intents_endpoint').on(t.bookId, t.endpointId, t.intentId),
    index('payment_intents_payer').on(t.bookId, t.payer, t.intentId).where(sql`payer is not null`),
    index('payment_intents_attention')
      .on(t.bookId, t.status, t.intentId)
      .where(sql`status in ('open', 'processing', 'unknown', 'failed', 'expired', 'canceled')`),
    index('payment_intents_order').on(t.bookId, t.orderId).where(sql`order_id is not null`),
    index('payment_intents_overdue').on(t.expiresAt).where(sql`status = 'open'`),
    uniqueIndex('payment_intents_invoice').on(t.bookId, t.invoiceYear, t.invoiceNo).where(sql`invoice_no is not null`),
    foreignKey({
      name: 'payment_intents_terms_fk',
      columns: [t.bookId, t.termsNumber, t.endpointId, t.priceVersionId],
      foreignColumns: [
        termsVersions.bookId,
        termsVersions.number,
        termsVersions.endpointId,
        termsVersions.priceVersionId,
      ],
    }),
    foreignKey({
      name: 'payment_intents_endpoint_fk',
      columns: [t.bookId, t.endpointId],
      foreignColumns: [endpoints.bookId, endpoints.endpointId],
    }),
    foreignKey({
      name: 'payment_intents_wallet_fk',
      columns: [t.bookId, t.walletId, t.networkId],
      foreignColumns: [wallets.bookId, wallets.walletId, wallets.networkId],
    }),
    foreignKey({
      name: 'payment_intents_asset_fk',
      columns: [t.networkId, t.assetId],
      foreignColumns: [assets.networkId, assets.assetId],
    }),
    check('payment_intents_network_chosen', sql`num_nonnulls(network_id, asset_id, wallet_id) in (0, 3)`),
    check(
      'payment_intents_offer_complete',
      sql`source <> 'gate' or num_nulls(terms_number, endpoint_id, price_version_id, wallet_id) = 0`,
    ),
    check('payment_intents_sequence_range', sql`sequence >= 0`),
    check('payment_intents_failed_has_reason', sql`(status = 'failed') = (failure_reason is not null)`),
    check('payment_intents_invoice_number', sql`num_nonnulls(invoice_year, invoice_no) in (0, 2) and invoice_no > 0`),
    check(
      'payment_intents_confirmed_has_number',
      sql`status not in ('confirmed', 'final') or (invoice_no is not null and confirmed_at is not null)`,
    ),
    check('payment_intents_reserved_below_price', sql`reserved_atomic > 0 and reserved_atomic <= amount_atomic`),
    check('payment_intents_final_has_time', sql`(status = 'final') = (final_at is not null)`),
  ],
);

/**
 * The amounts that intents were promised: at one wallet no two are told the same. A row whose time is over is given to
 * the next that asks.
 */
export const reservedAmounts = table(
  'reserved_amounts',
  {
    bookId: bookId(),
    networkId: smallint('network_id').notNull(),
    assetId: integer('asset_id').notNull(),
    walletId: uuid('wallet_id').notNull(),
    amountAtomic: amountAtomic('amount_atomic').notNull(),
    intentId: uuid('intent_id').notNull(),
    /** The last block that had been read: money in it or before is somebody else's. */
    afterBlock: blockNumber('after_block').notNull(),
    /** When another may be given it: a while after the intent ended; null while that is open. */
    freeAt: instant('free_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({
      name: 'reserved_amounts_pkey',
      columns: [t.bookId, t.networkId, t.assetId, t.walletId, t.amountAtomic],
    }),
    unique('reserved_amounts_intent').on(t.bookId, t.intentId),
    foreignKey({
      name: 'reserved_amounts_intent_fk',
      columns: [t.bookId, t.intentId],
      foreignColumns: [paymentIntents.bookId, paymentIntents.intentId],
    }),
    foreignKey({
      name: 'reserved_amounts_wallet_fk',
      columns: [t.bookId, t.walletId, t.networkId],
      foreignColumns: [wallets.bookId, wallets.walletId, wallets.networkId],
    }),
    foreignKey({
      name: 'reserved_amounts_asset_fk',
      columns: [t.networkId, t.assetId],
      foreignColumns: [assets.networkId, assets.assetId],
    }),
    check('reserved_amounts_positive', sql`amount_atomic > 0`),
  ],
);

/** What was signed once is claimed once. Never pruned, and without a foreign key: attempts may be archived. */
export const replayKeys = table(
  'replay_keys',
  {
    bookId: bookId(),
    networkId: smallint('network_id').notNull(),
    replayKey: bytes('replay_key', 32).notNull(),
    attemptId: uuid('attempt_id').notNull(),
  },
  (t) => [primaryKey({ name: 'replay_keys_pkey', columns: [t.bookId, t.networkId, t.replayKey] })],
);

/**
 * What a buyer named its purchase: the first attempt that brought the name, and the request it is for. The attempt is
 * another's once that one moved no money. Never pruned, and without a foreign key: attempts may be archived.
 */
export const paymentIdentifiers = table(
  'payment_identifiers',
  {
    bookId: bookId(),
    payer: address('payer').notNull(),
    identifier: text('identifier').notNull(),
    attemptId: uuid('attempt_id').notNull(),
    requestFingerprint: bytes('request_fingerprint', 32).notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'payment_identifiers_pkey', columns: [t.bookId, t.payer, t.identifier] }),
    check('payment_identifiers_identifier_spelled', sql`identifier ~ '^[A-Za-z0-9_-]{16,128}$'`),
  ],
);

/**
 * Transactions of ours that took the place of one that was stuck: the same call at the same gas nonce for higher fees.
 * Each is written before it is sent, and any of them may be the one that a block holds.
 */
export const gasReplacements = table(
  'gas_replacements',
  {
    bookId: bookId(),
    attemptId: uuid('attempt_id').notNull(),
    /** From 1; the attempt's own transaction came before. */
    number: smallint('number').notNull(),
    txHash: txHash('tx_hash').notNull(),
    signedTx: bytes('signed_tx').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'gas_replacements_pkey', columns: [t.bookId, t.attemptId, t.number] }),
    unique('gas_replacements_tx_hash').on(t.bookId, t.txHash),
    foreignKey({
      name: 'gas_replacements_attempt_fk',
      columns: [t.bookId, t.attemptId],
      foreignColumns: [attempts.bookId, attempts.attemptId],
    }),
    check('gas_replacements_number_range', sql`number > 0`),
  ],
);

const sentStatuses = "'submitting', 'submitted', 'unknown', 'confirmed', 'final'";

/** One signed authorization, or one presented transaction hash, and how far it came. Moves T1-T12 are guarded. */
export const attempts = table(
  'attempts',
  {
    bookId: bookId(),
    attemptId: uuidKey('attempt_id'),
    intentId: uuid('intent_id').notNull(),
    networkId: smallint('network_id').notNull(),
    assetId: integer('asset_id').notNull(),
    replayKey: bytes('replay_key', 32).notNull(),
    kind: status('kind', attemptKinds).notNull(),
    scheme: text('scheme').notNull(),
    /** Who signed; null for a presented hash until its transfer is read. */
    payer: address('payer'),
    nonce: bytes('nonce', 32),
    amountAtomic: amountAtomic('amount_atomic').notNull(),
    validBefore: instant('valid_before'),
    lastValidHeight: bigint('last_valid_height', { mode: 'bigint' }),
    requestFingerprint: bytes('request_fingerprint', 32),
    /** Keyed hash of the claiming address. */
    clientNet: bytes('client_net'),
    client: text('client'),
    x402Version: smallint('x402_version'),
    /** The signed payload, sealed; gone once the attempt is final. */
    payloadSealed: bytes('payload_sealed'),
    gasSignerId: integer('gas_signer_id'),
    gasNonce: bigint('gas_nonce', { mode: 'bigint' }),
    signedTx: bytes('signed_tx'),
    facilitatorId: uuid('facilitator_id'),
    txHash: txHash('tx_hash'),
    status: status('status', attemptStatuses).notNull().default('claimed'),
    /** A failed attempt's reason; otherwise what is known of an unknown outcome. */
    reason: text('reason'),
    /** What a facilitator or node said, word for word. */
    rawReason: text('raw_reason'),
    evidence: jsonb('evidence'),
    /** Rises with each takeover; every later write names it. */
    epoch: integer('epoch').notNull().default(1),
    leaseOwner: uuid('lease_owner'),
    leaseUntil: instant('lease_until'),
    /** Set in the commit before the first send, never cleared: from then on only the chain ends the attempt. */
    sentAt: instant('sent_at'),
    servedAt: instant('served_at'),
    releasedAt: instant('released_at'),
    /** When somebody looks at this row next; null once nothing is due. */
    checkAt: instant('check_at'),
    exposureAtomic: amountAtomic('exposure_atomic'),
    submittedAt: instant('submitted_at'),
    resentCount: smallint('resent_count').notNull().default(0),
    lastSentAt: instant('last_sent_at'),
    /** When its money moved; written with the decision to send. */
    settleMode: status('settle_mode', settleModes).notNull().default('after'),
    rerunCount: smallint('rerun_count').notNull().default(0),
    /** What its facilitator called its transaction, where the chain shows another. */
    claimedTxHash: txHash('claimed_tx_hash'),
    createdAt: createdAt(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'attempts_pkey', columns: [t.bookId, t.attemptId] }),
    uniqueIndex('attempts_live').on(t.bookId, t.intentId).where(sql`status <> 'failed'`),
    index('attempts_intent').on(t.bookId, t.intentId),
    index('attempts_in_flight')
      .on(t.bookId, t.payer)
      .where(sql`status in ('claimed', 'verified', 'submitting', 'submitted', 'unknown')`),
    // Few at a time, and looked for at every claim: a payer who buys a lot has many others in flight.
    index('attempts_unknown').on(t.bookId, t.payer).where(sql`status = 'unknown'`),
    index('attempts_unserved')
      .on(t.sentAt)
      .where(sql`served_at is null and status in ('submitted', 'confirmed', 'final')`),
    index('attempts_tx').on(t.bookId, t.txHash).where(sql`tx_hash is not null`),
    index('attempts_facilitator').on(t.bookId, t.facilitatorId, t.sentAt).where(sql`facilitator_id is not null`),
    index('attempts_released').on(t.bookId, t.networkId, t.replayKey).where(sql`released_at is not null`),
    index('attempts_due').on(t.checkAt).where(sql`check_at is not null`),
    foreignKey({
      name: 'attempts_intent_fk',
      columns: [t.bookId, t.intentId],
      foreignColumns: [paymentIntents.bookId, paymentIntents.intentId],
    }),
    foreignKey({
      name: 'attempts_gas_signer_fk',
      columns: [t.gasSignerId],
      foreignColumns: [gasSigners.gasSignerId],
    }),
    foreignKey({
      name: 'attempts_facilitator_fk',
      columns: [t.bookId, t.facilitatorId],
      foreignColumns: [facilitators.bookId, facilitators.facilitatorId],
    }),
    check('attempts_one_facilitator', sql`num_nonnulls(facilitator_id, gas_signer_id) < 2`),
    check('attempts_released_before_sent', sql`released_at is null or (status = 'failed' and sent_at is null)`),
    check(
      'attempts_sent_has_time',
      sql.raw(`(sent_at is not null) = (status in (${sentStatuses})) or status = 'failed' or kind = 'transfer'`),
    ),
    check(
      'attempts_failed_has_end',
      sql`status <> 'failed' or num_nonnulls(sent_at, released_at) = 1 or kind = 'transfer'`,
    ),
    check(
      'attempts_failed_has_reason',
      sql.raw(`status <> 'failed' or (reason is not null and reason in (${literals(failureReasons)}))`),
    ),
    check('attempts_authorization_complete', sql`kind = 'transfer' or num_nulls(payer, request_fingerprint) = 0`),
    check('attempts_final_keeps_no_payload', sql`status <> 'final' or payload_sealed is null`),
    check('attempts_gas_nonce_drawn', sql`num_nonnulls(gas_signer_id, gas_nonce, signed_tx) in (0, 3)`),
    check('attempts_epoch_positive', sql`epoch > 0`),
    check('attempts_resent_count_range', sql`resent_count >= 0`),
    check('attempts_rerun_count_range', sql`rerun_count >= 0`),
  ],
);

/** Stamped by every api process each two seconds; one not seen for ten has lost its leases. */
export const gateProcesses = table(
  'gate_processes',
  {
    bootId: uuid('boot_id').notNull(),
    seenAt: instant('seen_at').notNull().defaultNow(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ name: 'gate_processes_pkey', columns: [t.bootId] })],
);
