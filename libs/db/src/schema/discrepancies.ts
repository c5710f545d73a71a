import { discrepancyKinds } from '@tollbook/domain';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { assets, books } from './catalogue.js';
import { transfers } from './chain.js';
import { amountAtomic, bookId, createdAt, instant, status, table, uuidKey } from './columns.js';
import { paymentIntents } from './payments.js';

/** How small a difference in an asset opens nothing. It changes what is told, never what is booked. */
export const tolerances = table(
  'tolerances',
  {
    bookId: bookId(),
    assetId: integer('asset_id').notNull(),
    amountAtomic: amountAtomic('amount_atomic').notNull(),
    actorId: text('actor_id').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'tolerances_pkey', columns: [t.bookId, t.assetId] }),
    foreignKey({ name: 'tolerances_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    foreignKey({ name: 'tolerances_asset_fk', columns: [t.assetId], foreignColumns: [assets.assetId] }),
  ],
);

/** What does not add up: a record that is open or closed, never a second status. */
export const discrepancies = table(
  'discrepancies',
  {
    bookId: bookId(),
    discrepancyId: uuidKey('discrepancy_id'),
    kind: status('kind', discrepancyKinds).notNull(),
    /** The row it is about: intent, transfer or attempt, as its kind says. */
    subjectId: uuid('subject_id').notNull(),
    intentId: uuid('intent_id'),
    transferId: uuid('transfer_id'),
    amountAtomic: amountAtomic('amount_atomic'),
    closedAt: instant('closed_at'),
    resolution: text('resolution'),
    actorId: text('actor_id'),
    note: text('note'),
    /** Who works on it: the id of a user. */
    assigneeId: text('assignee_id'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'discrepancies_pkey', columns: [t.bookId, t.discrepancyId] }),
    uniqueIndex('discrepancies_open').on(t.bookId, t.kind, t.subjectId).where(sql`closed_at is null`),
    index('discrepancies_intent').on(t.bookId, t.intentId).where(sql`intent_id is not null`),
    foreignKey({ name: 'discrepancies_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    foreignKey({
      name: 'discrepancies_intent_fk',
      columns: [t.bookId, t.intentId],
      foreignColumns: [paymentIntents.bookId, paymentIntents.intentId],
    }),
    foreignKey({
      name: 'discrepancies_transfer_fk',
      columns: [t.bookId, t.transferId],
      foreignColumns: [transfers.bookId, transfers.transferId],
    }),
    check('discrepancies_closed_has_resolution', sql`num_nonnulls(closed_at, resolution) in (0, 2)`),
  ],
);

/**
 * Money that a person gives to a payment. The api writes the order, and the worker carries it out under the lease of the
 * network: only so no scan moves the chain under it.
 */
export const handLinks = table(
  'hand_links',
  {
    bookId: bookId(),
    handLinkId: uuidKey('hand_link_id'),
    discrepancyId: uuid('discrepancy_id').notNull(),
    transferId: uuid('transfer_id').notNull(),
    intentId: uuid('intent_id').notNull(),
    actorId: text('actor_id').notNull(),
    reason: text('reason').notNull(),
    doneAt: instant('done_at'),
    /** Why it was not carried out: the payment or the money had moved on. */
    refusal: text('refusal'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'hand_links_pkey', columns: [t.bookId, t.handLinkId] }),
    uniqueIndex('hand_links_pending').on(t.bookId, t.discrepancyId).where(sql`done_at is null`),
    foreignKey({
      name: 'hand_links_discrepancy_fk',
      columns: [t.bookId, t.discrepancyId],
      foreignColumns: [discrepancies.bookId, discrepancies.discrepancyId],
    }),
    foreignKey({
      name: 'hand_links_transfer_fk',
      columns: [t.bookId, t.transferId],
      foreignColumns: [transfers.bookId, transfers.transferId],
    }),
    foreignKey({
      name: 'hand_links_intent_fk',
      columns: [t.bookId, t.intentId],
      foreignColumns: [paymentIntents.bookId, paymentIntents.intentId],
    }),
    check('hand_links_refused_is_done', sql`refusal is null or done_at is not null`),
  ],
);
