import { failureReasons, rollupOutcomes } from '@tollbook/domain';
import { sql } from 'drizzle-orm';
import { bigint, check, date, foreignKey, index, integer, primaryKey, smallint, uuid } from 'drizzle-orm/pg-core';
import { books } from './catalogue.js';
import {
  address,
  amountAtomic,
  blockNumber,
  bookId,
  bytes,
  createdAt,
  instant,
  signedAmountAtomic,
  status,
  table,
  uuidKey,
} from './columns.js';
import { walletAssets } from './configuration.js';
import { ledgerAccounts } from './ledger.js';

/** Books against chain, for one token of one wallet at one block. A difference is recorded, never corrected here. */
export const booksProofs = table(
  'books_proofs',
  {
    bookId: bookId(),
    booksProofId: uuidKey('books_proof_id'),
    walletId: uuid('wallet_id').notNull(),
    assetId: integer('asset_id').notNull(),
    blockNumber: blockNumber('block_number').notNull(),
    blockHash: bytes('block_hash', 32).notNull(),
    openingAtomic: amountAtomic('opening_atomic').notNull(),
    inAtomic: amountAtomic('in_atomic').notNull(),
    outAtomic: amountAtomic('out_atomic').notNull(),
    closingAtomic: signedAmountAtomic('closing_atomic').notNull(),
    onChainAtomic: amountAtomic('on_chain_atomic').notNull(),
    differenceAtomic: signedAmountAtomic('difference_atomic').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'books_proofs_pkey', columns: [t.bookId, t.booksProofId] }),
    /** The newest proof of each, however many there are and also where there is none. */
    index('books_proofs_wallet_asset').on(t.bookId, t.walletId, t.assetId, t.booksProofId),
    foreignKey({
      name: 'books_proofs_wallet_asset_fk',
      columns: [t.bookId, t.walletId, t.assetId],
      foreignColumns: [walletAssets.bookId, walletAssets.walletId, walletAssets.assetId],
    }),
    check('books_proofs_closing_sum', sql`closing_atomic = opening_atomic + in_atomic - out_atomic`),
    check('books_proofs_difference_sum', sql`difference_atomic = on_chain_atomic - closing_atomic`),
  ],
);

/**
 * Sums by day, kept in the transaction that changes what they sum; the overview reads the first. A reorg subtracts, so
 * the parts are signed; no sum ends below zero (`books verify` compares them with the rows they are made of).
 */
export const rollupBooks = table(
  'rollup_books',
  {
    bookId: bookId(),
    /** The accounting day, frozen in the book's zone. */
    day: date('day', { mode: 'string' }).notNull(),
    networkId: smallint('network_id').notNull(),
    assetId: integer('asset_id').notNull(),
    outcome: status('outcome', rollupOutcomes).notNull(),
    count: bigint('count', { mode: 'bigint' }).notNull(),
    amountAtomic: signedAmountAtomic('amount_atomic').notNull(),
  },
  (t) => [
    primaryKey({ name: 'rollup_books_pkey', columns: [t.bookId, t.day, t.networkId, t.assetId, t.outcome] }),
    foreignKey({ name: 'rollup_books_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
  ],
);

/** The same by endpoint; the nil UUID where money belongs to none. */
export const rollupDays = table(
  'rollup_days',
  {
    bookId: bookId(),
    day: date('day', { mode: 'string' }).notNull(),
    endpointId: uuid('endpoint_id').notNull(),
    networkId: smallint('network_id').notNull(),
    assetId: integer('asset_id').notNull(),
    outcome: status('outcome', rollupOutcomes).notNull(),
    count: bigint('count', { mode: 'bigint' }).notNull(),
    amountAtomic: signedAmountAtomic('amount_atomic').notNull(),
  },
  (t) => [
    primaryKey({
      name: 'rollup_days_pkey',
      columns: [t.bookId, t.day, t.endpointId, t.networkId, t.assetId, t.outcome],
    }),
    foreignKey({ name: 'rollup_days_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
  ],
);

/** As `rollup_days`, by hour; kept for two weeks. */
export const rollupHours = table(
  'rollup_hours',
  {
    bookId: bookId(),
    hour: instant('hour').notNull(),
    endpointId: uuid('endpoint_id').notNull(),
    networkId: smallint('network_id').notNull(),
    assetId: integer('asset_id').notNull(),
    outcome: status('outcome', rollupOutcomes).notNull(),
    count: bigint('count', { mode: 'bigint' }).notNull(),
    amountAtomic: signedAmountAtomic('amount_atomic').notNull(),
  },
  (t) => [
    primaryKey({
      name: 'rollup_hours_pkey',
      columns: [t.bookId, t.hour, t.endpointId, t.networkId, t.assetId, t.outcome],
    }),
    foreignKey({ name: 'rollup_hours_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
  ],
);

/** Signed attempts that failed, by why. */
export const rollupReasons = table(
  'rollup_reasons',
  {
    bookId: bookId(),
    day: date('day', { mode: 'string' }).notNull(),
    endpointId: uuid('endpoint_id').notNull(),
    reason: status('reason', failureReasons).notNull(),
    assetId: integer('asset_id').notNull(),
    count: bigint('count', { mode: 'bigint' }).notNull(),
    amountAtomic: signedAmountAtomic('amount_atomic').notNull(),
  },
  (t) => [
    primaryKey({ name: 'rollup_reasons_pkey', columns: [t.bookId, t.day, t.endpointId, t.reason, t.assetId] }),
    foreignKey({ name: 'rollup_reasons_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
  ],
);

/** What each payer paid, by the address that the money came from. */
export const rollupPayers = table(
  'rollup_payers',
  {
    bookId: bookId(),
    day: date('day', { mode: 'string' }).notNull(),
    payer: address('payer').notNull(),
    networkId: smallint('network_id').notNull(),
    assetId: integer('asset_id').notNull(),
    count: bigint('count', { mode: 'bigint' }).notNull(),
    amountAtomic: signedAmountAtomic('amount_atomic').notNull(),
  },
  (t) => [
    primaryKey({ name: 'rollup_payers_pkey', columns: [t.bookId, t.day, t.payer, t.networkId, t.assetId] }),
    index('rollup_payers_payer').on(t.bookId, t.payer, t.day),
    foreignKey({ name: 'rollup_payers_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
  ],
);

/**
 * How many payers of a day had last paid on an earlier one; `-infinity` for those who never had. Those of several days
 * together, each counted once, are those of all its days that had not paid since the first.
 */
export const rollupRecency = table(
  'rollup_recency',
  {
    bookId: bookId(),
    day: date('day', { mode: 'string' }).notNull(),
    previousDay: date('previous_day', { mode: 'string' }).notNull(),
    payers: bigint('payers', { mode: 'bigint' }).notNull(),
  },
  (t) => [
    primaryKey({ name: 'rollup_recency_pkey', columns: [t.bookId, t.day, t.previousDay] }),
    foreignKey({ name: 'rollup_recency_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    check('rollup_recency_order', sql`previous_day < day`),
  ],
);

/** What each account was debited and credited; the opening of any day is the sum before it. */
export const rollupAccounts = table(
  'rollup_accounts',
  {
    bookId: bookId(),
    day: date('day', { mode: 'string' }).notNull(),
    accountId: integer('account_id').notNull(),
    assetId: integer('asset_id').notNull(),
    debitAtomic: amountAtomic('debit_atomic').notNull(),
    creditAtomic: amountAtomic('credit_atomic').notNull(),
  },
  (t) => [
    primaryKey({ name: 'rollup_accounts_pkey', columns: [t.bookId, t.day, t.accountId, t.assetId] }),
    foreignKey({
      name: 'rollup_accounts_account_fk',
      columns: [t.bookId, t.accountId],
      foreignColumns: [ledgerAccounts.bookId, ledgerAccounts.accountId],
    }),
  ],
);

/** Counts that the api appended beside a payment, until the relay folds them in: nobody waits for a sum's row. */
export const rollupDeltas = table(
  'rollup_deltas',
  {
    deltaId: bigint('delta_id', { mode: 'bigint' }).notNull().generatedAlwaysAsIdentity(),
    bookId: bookId(),
    day: date('day', { mode: 'string' }).notNull(),
    hour: instant('hour').notNull(),
    endpointId: uuid('endpoint_id').notNull(),
    networkId: smallint('network_id').notNull(),
    assetId: integer('asset_id').notNull(),
    outcome: status('outcome', rollupOutcomes).notNull(),
    reason: status('reason', failureReasons),
    count: bigint('count', { mode: 'bigint' }).notNull(),
    amountAtomic: signedAmountAtomic('amount_atomic').notNull(),
  },
  (t) => [primaryKey({ name: 'rollup_deltas_pkey', columns: [t.deltaId] })],
);
