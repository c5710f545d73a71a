import { accountKinds, allocationBuckets, type EntryDraft } from '@tollbook/domain';
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  date,
  foreignKey,
  index,
  integer,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { assets, books } from './catalogue.js';
import { amountAtomic, blockNumber, bookId, bytes, createdAt, instant, literals, status, table } from './columns.js';
import { endpoints, wallets } from './configuration.js';
import { paymentIntents } from './payments.js';

const causeKinds = [
  'allocation',
  'wallet_asset',
  'attempt',
  'audit',
] as const satisfies readonly EntryDraft['causeKind'][];
const entrySteps = ['confirmed', 'final', 'confirmed_reversed', 'final_reversed'];
const entryKinds = [
  ...allocationBuckets.flatMap((bucket) => entrySteps.map((step) => `${bucket}_${step}`)),
  'opening',
  'loss',
  'adjustment',
];

/** Accounts of one book, made at first use. */
export const ledgerAccounts = table(
  'ledger_accounts',
  {
    bookId: bookId(),
    accountId: integer('account_id').notNull().generatedAlwaysAsIdentity(),
    code: text('code').notNull(),
    kind: status('kind', accountKinds).notNull(),
    endpointId: uuid('endpoint_id'),
    walletId: uuid('wallet_id'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'ledger_accounts_pkey', columns: [t.bookId, t.accountId] }),
    unique('ledger_accounts_code').on(t.bookId, t.code),
    foreignKey({ name: 'ledger_accounts_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    foreignKey({
      name: 'ledger_accounts_endpoint_fk',
      columns: [t.bookId, t.endpointId],
      foreignColumns: [endpoints.bookId, endpoints.endpointId],
    }),
    foreignKey({
      name: 'ledger_accounts_wallet_fk',
      columns: [t.bookId, t.walletId],
      foreignColumns: [wallets.bookId, wallets.walletId],
    }),
  ],
);

/** The end of each book's chain of hashes; locked last in the booking transaction, so it is held shortest. */
export const ledgerHeads = table(
  'ledger_heads',
  {
    bookId: bookId(),
    entrySeq: bigint('entry_seq', { mode: 'bigint' }).notNull().default(sql`0`),
    chainHash: bytes('chain_hash', 32).notNull().default(sql`decode(repeat('00', 32), 'hex')`),
  },
  (t) => [
    primaryKey({ name: 'ledger_heads_pkey', columns: [t.bookId] }),
    foreignKey({ name: 'ledger_heads_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    check('ledger_heads_entry_seq_range', sql`entry_seq >= 0`),
  ],
);

/** One booking, append-only. Each hash covers the one before it and the entry's canonical text. */
export const ledgerEntries = table(
  'ledger_entries',
  {
    bookId: bookId(),
    /** Gap-free within its book, from 1. */
    entrySeq: bigint('entry_seq', { mode: 'bigint' }).notNull(),
    kind: text('kind').notNull(),
    causeKind: status('cause_kind', causeKinds).notNull(),
    causeId: uuid('cause_id').notNull(),
    intentId: uuid('intent_id'),
    networkId: smallint('network_id'),
    blockNumber: blockNumber('block_number'),
    effectiveAt: instant('effective_at').notNull(),
    /** The accounting day, frozen in the book's zone. */
    localDay: date('local_day', { mode: 'string' }).notNull(),
    /** The month it counts in, as `2026-11`: that of `local_day`, or the open one for a late fact. */
    period: text('period').notNull(),
    chainHash: bytes('chain_hash', 32).notNull(),
    /** Half a digest of the transfer and half a digest of the allocation that caused it. */
    factsHash: bytes('facts_hash', 32),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'ledger_entries_pkey', columns: [t.bookId, t.entrySeq] }),
    unique('ledger_entries_cause').on(t.bookId, t.causeId, t.kind),
    // Entries come in the order of time, so a few pages of summaries find any period.
    index('ledger_entries_effective').using('brin', t.effectiveAt),
    index('ledger_entries_intent').on(t.bookId, t.intentId).where(sql`intent_id is not null`),
    foreignKey({
      name: 'ledger_entries_intent_fk',
      columns: [t.bookId, t.intentId],
      foreignColumns: [paymentIntents.bookId, paymentIntents.intentId],
    }),
    check('ledger_entries_kind_listed', sql.raw(`kind in (${literals(entryKinds)})`)),
    check('ledger_entries_entry_seq_positive', sql`entry_seq > 0`),
    check('ledger_entries_period_month', sql`period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'`),
  ],
);

/** Money between two accounts: balanced by construction, append-only. */
export const ledgerPostings = table(
  'ledger_postings',
  {
    bookId: bookId(),
    entrySeq: bigint('entry_seq', { mode: 'bigint' }).notNull(),
    leg: smallint('leg').notNull(),
    debitAccountId: integer('debit_account_id').notNull(),
    creditAccountId: integer('credit_account_id').notNull(),
    assetId: integer('asset_id').notNull(),
    amountAtomic: amountAtomic('amount_atomic').notNull(),
  },
  (t) => [
    primaryKey({ name: 'ledger_postings_pkey', columns: [t.bookId, t.entrySeq, t.leg] }),
    foreignKey({
      name: 'ledger_postings_entry_fk',
      columns: [t.bookId, t.entrySeq],
      foreignColumns: [ledgerEntries.bookId, ledgerEntries.entrySeq],
    }),
    foreignKey({
      name: 'ledger_postings_debit_fk',
      columns: [t.bookId, t.debitAccountId],
      foreignColumns: [ledgerAccounts.bookId, ledgerAccounts.accountId],
    }),
    foreignKey({
      name: 'ledger_postings_credit_fk',
      columns: [t.bookId, t.creditAccountId],
      foreignColumns: [ledgerAccounts.bookId, ledgerAccounts.accountId],
    }),
    foreignKey({ name: 'ledger_postings_asset_fk', columns: [t.assetId], foreignColumns: [assets.assetId] }),
    check('ledger_postings_amount_positive', sql`amount_atomic > 0`),
    check('ledger_postings_two_accounts', sql`debit_account_id <> credit_account_id`),
    check('ledger_postings_leg_range', sql`leg >= 0`),
  ],
);

/** The last invoice number drawn in a year; a rollback gives numbers back, so there are no gaps. */
export const invoiceCounters = table(
  'invoice_counters',
  {
    bookId: bookId(),
    invoiceYear: smallint('invoice_year').notNull(),
    lastNo: integer('last_no').notNull(),
  },
  (t) => [
    primaryKey({ name: 'invoice_counters_pkey', columns: [t.bookId, t.invoiceYear] }),
    foreignKey({ name: 'invoice_counters_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    check('invoice_counters_last_no_positive', sql`last_no > 0`),
  ],
);
