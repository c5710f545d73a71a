import { allocationBuckets, chainCheckKinds, matchMethods, refundStatuses } from '@tollbook/domain';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { assets, networks } from './catalogue.js';
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
  txHash,
  uuidKey,
} from './columns.js';
import { walletAssets, wallets } from './configuration.js';
import { paymentIntents } from './payments.js';

/**
 * Token movements to or from our wallets, as the chain told them. Facts never change; only `orphaned_at` is set and
 * cleared. One between two books' wallets is a row in each.
 */
export const transfers = table(
  'transfers',
  {
    bookId: bookId(),
    transferId: uuidKey('transfer_id'),
    networkId: smallint('network_id').notNull(),
    blockNumber: blockNumber('block_number').notNull(),
    blockHash: bytes('block_hash', 32).notNull(),
    blockTime: instant('block_time').notNull(),
    txHash: txHash('tx_hash').notNull(),
    /** The log's index, or outer × 65,536 + inner instruction. */
    position: integer('position').notNull(),
    assetId: integer('asset_id').notNull(),
    fromAddress: address('from_address').notNull(),
    toAddress: address('to_address').notNull(),
    fromWalletId: uuid('from_wallet_id'),
    toWalletId: uuid('to_wallet_id'),
    amountAtomic: amountAtomic('amount_atomic').notNull(),
    /** The authorization's or message's key, else that of `tx/…`. */
    replayKey: bytes('replay_key', 32).notNull(),
    memo: text('memo'),
    orphanedAt: instant('orphaned_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'transfers_pkey', columns: [t.bookId, t.transferId] }),
    unique('transfers_place').on(t.bookId, t.txHash, t.position, t.networkId, t.blockHash),
    index('transfers_block').on(t.networkId, t.blockNumber),
    // Money that left is rare, and looked for by whoever got it.
    index('transfers_outgoing')
      .on(t.bookId, t.toAddress)
      .where(sql`from_wallet_id is not null and to_wallet_id is null`),
    foreignKey({
      name: 'transfers_from_wallet_fk',
      columns: [t.bookId, t.fromWalletId, t.networkId],
      foreignColumns: [wallets.bookId, wallets.walletId, wallets.networkId],
    }),
    foreignKey({
      name: 'transfers_to_wallet_fk',
      columns: [t.bookId, t.toWalletId, t.networkId],
      foreignColumns: [wallets.bookId, wallets.walletId, wallets.networkId],
    }),
    foreignKey({
      name: 'transfers_asset_fk',
      columns: [t.networkId, t.assetId],
      foreignColumns: [assets.networkId, assets.assetId],
    }),
    check('transfers_own_wallet', sql`num_nonnulls(from_wallet_id, to_wallet_id) > 0`),
    check('transfers_position_range', sql`position >= 0`),
  ],
);

/** How far a lane has read its network. A transfer's finality is read off here, never stored beside it. */
export const cursors = table(
  'cursors',
  {
    networkId: smallint('network_id').notNull(),
    lane: smallint('lane').notNull().default(0),
    headNumber: blockNumber('head_number').notNull(),
    headHash: bytes('head_hash', 32).notNull(),
    /** -1, with no hash, while no block is deep enough; the same for safe and final. */
    confirmedNumber: bigint('confirmed_number', { mode: 'bigint' }).notNull().default(sql`-1`),
    confirmedHash: bytes('confirmed_hash', 32),
    safeNumber: bigint('safe_number', { mode: 'bigint' }).notNull().default(sql`-1`),
    safeHash: bytes('safe_hash', 32),
    finalNumber: bigint('final_number', { mode: 'bigint' }).notNull().default(sql`-1`),
    finalHash: bytes('final_hash', 32),
    /** The lease's fence that every write of this row names. */
    fence: bigint('fence', { mode: 'bigint' }).notNull().default(sql`0`),
    /** Set when a final block was found changed: the network stops until a person looks. */
    frozenAt: instant('frozen_at'),
    frozenReason: text('frozen_reason'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'cursors_pkey', columns: [t.networkId, t.lane] }),
    foreignKey({ name: 'cursors_network_fk', columns: [t.networkId], foreignColumns: [networks.networkId] }),
    check(
      'cursors_confirmed_known',
      sql`confirmed_number >= -1 and (confirmed_number = -1) = (confirmed_hash is null)`,
    ),
    check('cursors_safe_known', sql`safe_number >= -1 and (safe_number = -1) = (safe_hash is null)`),
    check('cursors_final_known', sql`final_number >= -1 and (final_number = -1) = (final_hash is null)`),
    check(
      'cursors_head_is_highest',
      sql`head_number >= confirmed_number and head_number >= safe_number and head_number >= final_number`,
    ),
    check('cursors_frozen_has_reason', sql`num_nonnulls(frozen_at, frozen_reason) in (0, 2)`),
  ],
);

/** Blocks that were read without a gap for one token of one wallet; a null end follows the cursor. */
export const coverage = table(
  'coverage',
  {
    bookId: bookId(),
    walletId: uuid('wallet_id').notNull(),
    assetId: integer('asset_id').notNull(),
    fromBlock: blockNumber('from_block').notNull(),
    toBlock: blockNumber('to_block'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'coverage_pkey', columns: [t.bookId, t.walletId, t.assetId, t.fromBlock] }),
    uniqueIndex('coverage_open').on(t.bookId, t.walletId, t.assetId).where(sql`to_block is null`),
    foreignKey({
      name: 'coverage_wallet_asset_fk',
      columns: [t.bookId, t.walletId, t.assetId],
      foreignColumns: [walletAssets.bookId, walletAssets.walletId, walletAssets.assetId],
    }),
    check('coverage_interval', sql`to_block >= from_block`),
  ],
);

/** The last hour of headers, to find the ancestor of a fork. */
export const blockHeaders = table(
  'block_headers',
  {
    networkId: smallint('network_id').notNull(),
    blockHash: bytes('block_hash', 32).notNull(),
    number: blockNumber('number').notNull(),
    parentHash: bytes('parent_hash', 32).notNull(),
    time: instant('time').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'block_headers_pkey', columns: [t.networkId, t.blockHash] }),
    index('block_headers_number').on(t.networkId, t.number),
    foreignKey({ name: 'block_headers_network_fk', columns: [t.networkId], foreignColumns: [networks.networkId] }),
  ],
);

/** Ranges of a network that were read a second time, and what that found: an answer without logs proves nothing. */
export const chainChecks = table(
  'chain_checks',
  {
    networkId: smallint('network_id').notNull(),
    kind: status('kind', chainCheckKinds).notNull(),
    /** Compared up to this block. */
    throughNumber: blockNumber('through_number').notNull(),
    throughHash: bytes('through_hash', 32).notNull(),
    /** Whether another node answered than the one that blocks are read from. */
    isOtherNode: boolean('is_other_node').notNull(),
    checkedAt: instant('checked_at').notNull(),
    /** Transfers that the first reading did not show, and that were booked then. */
    foundCount: bigint('found_count', { mode: 'number' }).notNull().default(0),
    foundAt: instant('found_at'),
    /** Transfers that are on the chain, and that this second reading left out. */
    leftOutCount: bigint('left_out_count', { mode: 'number' }).notNull().default(0),
    leftOutAt: instant('left_out_at'),
    /** Transfers in the books that the chain does not have. */
    ghostCount: bigint('ghost_count', { mode: 'number' }).notNull().default(0),
    ghostAt: instant('ghost_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'chain_checks_pkey', columns: [t.networkId, t.kind] }),
    foreignKey({ name: 'chain_checks_network_fk', columns: [t.networkId], foreignColumns: [networks.networkId] }),
    check('chain_checks_counts', sql`least(found_count, left_out_count, ghost_count) >= 0`),
  ],
);

/** What each node was asked in a month, by every process together: providers bill by the month. */
export const rpcUsage = table(
  'rpc_usage',
  {
    networkId: smallint('network_id').notNull(),
    /** `node 1`, `node 2`: never its address, which may hold a key. */
    node: text('node').notNull(),
    /** The first of the month, in UTC. */
    month: date('month').notNull(),
    requests: bigint('requests', { mode: 'number' }).notNull(),
    /** Calls in those requests: a batch is one request. */
    calls: bigint('calls', { mode: 'number' }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'rpc_usage_pkey', columns: [t.networkId, t.node, t.month] }),
    foreignKey({ name: 'rpc_usage_network_fk', columns: [t.networkId], foreignColumns: [networks.networkId] }),
    check('rpc_usage_counts', sql`least(requests, calls) >= 0`),
  ],
);

/**
 * Money of payments that is given back. The api announces it; the worker finds the transfer that carries it out. What
 * was announced is frozen by the trigger `guard`, which also refuses more than came.
 */
export const refunds = table(
  'refunds',
  {
    bookId: bookId(),
    refundId: uuidKey('refund_id'),
    intentId: uuid('intent_id').notNull(),
    networkId: smallint('network_id').notNull(),
    assetId: integer('asset_id').notNull(),
    toAddress: address('to_address').notNull(),
    amountAtomic: amountAtomic('amount_atomic').notNull(),
    status: status('status', refundStatuses).notNull().default('recorded'),
    /** How much of it returned what was owed. */
    returnedAtomic: amountAtomic('returned_atomic').notNull().default(sql`0`),
    /** The transaction that somebody named for it. */
    txHash: txHash('tx_hash'),
    afterBlock: blockNumber('after_block').notNull(),
    transferId: uuid('transfer_id'),
    reason: text('reason').notNull(),
    actorId: text('actor_id').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'refunds_pkey', columns: [t.bookId, t.refundId] }),
    uniqueIndex('refunds_transfer').on(t.bookId, t.transferId).where(sql`transfer_id is not null`),
    index('refunds_intent').on(t.bookId, t.intentId),
    index('refunds_waiting').on(t.bookId, t.networkId, t.toAddress).where(sql`status = 'recorded'`),
    foreignKey({
      name: 'refunds_intent_fk',
      columns: [t.bookId, t.intentId],
      foreignColumns: [paymentIntents.bookId, paymentIntents.intentId],
    }),
    foreignKey({
      name: 'refunds_transfer_fk',
      columns: [t.bookId, t.transferId],
      foreignColumns: [transfers.bookId, transfers.transferId],
    }),
    foreignKey({
      name: 'refunds_asset_fk',
      columns: [t.networkId, t.assetId],
      foreignColumns: [assets.networkId, assets.assetId],
    }),
    check('refunds_amount_positive', sql`amount_atomic > 0`),
    check('refunds_returned_in_amount', sql`returned_atomic <= amount_atomic`),
    check('refunds_settled_has_transfer', sql`(status in ('confirmed', 'final')) = (transfer_id is not null)`),
    check('refunds_returned_is_settled', sql`returned_atomic = 0 or transfer_id is not null`),
  ],
);

/** Which payment a transfer pays, or why none. A transfer has at most one active allocation per leg (I02). */
export const allocations = table(
  'allocations',
  {
    bookId: bookId(),
    allocationId: uuidKey('allocation_id'),
    transferId: uuid('transfer_id').notNull(),
    leg: smallint('leg').notNull().default(0),
    intentId: uuid('intent_id'),
    refundId: uuid('refund_id'),
    bucket: status('bucket', allocationBuckets).notNull(),
    amountAtomic: amountAtomic('amount_atomic').notNull(),
    matchedBy: status('matched_by', matchMethods).notNull(),
    actorId: text('actor_id'),
    reversedAt: instant('reversed_at'),
    /** What is missing beside it and counts as paid all the same. */
    forgivenAtomic: amountAtomic('forgiven_atomic').notNull().default(sql`0`),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'allocations_pkey', columns: [t.bookId, t.allocationId] }),
    uniqueIndex('allocations_active').on(t.bookId, t.transferId, t.leg).where(sql`reversed_at is null`),
    index('allocations_unmatched')
      .on(t.bookId, t.transferId)
      .where(sql`reversed_at is null and bucket in ('unmatched', 'dust')`),
    index('allocations_intent').on(t.bookId, t.intentId).where(sql`intent_id is not null`),
    foreignKey({
      name: 'allocations_transfer_fk',
      columns: [t.bookId, t.transferId],
      foreignColumns: [transfers.bookId, transfers.transferId],
    }),
    foreignKey({
      name: 'allocations_intent_fk',
      columns: [t.bookId, t.intentId],
      foreignColumns: [paymentIntents.bookId, paymentIntents.intentId],
    }),
    foreignKey({
      name: 'allocations_refund_fk',
      columns: [t.bookId, t.refundId],
      foreignColumns: [refunds.bookId, refunds.refundId],
    }),
    check('allocations_refund_has_refund', sql`(bucket = 'refund') = (refund_id is not null)`),
    check('allocations_amount_positive', sql`amount_atomic > 0`),
    check('allocations_leg_range', sql`leg >= 0`),
    check('allocations_payment_has_intent', sql`bucket not in ('payment', 'partial') or intent_id is not null`),
    check('allocations_forgiven_pays', sql`forgiven_atomic = 0 or bucket = 'payment'`),
    check('allocations_hand_has_actor', sql`matched_by <> 'hand' or actor_id is not null`),
  ],
);
