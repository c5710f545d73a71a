import { sql } from 'drizzle-orm';
import { bigint, check, foreignKey, integer, jsonb, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { books } from './catalogue.js';
import { bookId, bytes, createdAt, table, uuidKey } from './columns.js';
import { paymentIntents } from './payments.js';

/** What happened, in the transaction in which it happened; append-only, kept for ever. */
export const events = table(
  'events',
  {
    bookId: bookId(),
    eventId: uuidKey('event_id'),
    type: text('type').notNull(),
    intentId: uuid('intent_id'),
    /** Gap-free within its intent, from 1. */
    sequence: integer('sequence'),
    fromStatus: text('from_status'),
    toStatus: text('to_status'),
    causeId: uuid('cause_id'),
    evidence: jsonb('evidence'),
    bodyHash: bytes('body_hash', 32).notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'events_pkey', columns: [t.bookId, t.eventId] }),
    unique('events_sequence').on(t.bookId, t.intentId, t.sequence),
    foreignKey({
      name: 'events_intent_fk',
      columns: [t.bookId, t.intentId],
      foreignColumns: [paymentIntents.bookId, paymentIntents.intentId],
    }),
    check('events_type_dotted', sql`type ~ '^[a-z_]+([.][a-z_]+)+$'`),
    check('events_sequence_of_intent', sql`num_nonnulls(intent_id, sequence) in (0, 2) and sequence > 0`),
  ],
);

/** Events that have no place in the feed yet. The relay deletes a row in the commit that gives its event a position. */
export const outbox = table(
  'outbox',
  {
    outboxId: bigint('outbox_id', { mode: 'bigint' }).notNull().generatedAlwaysAsIdentity(),
    bookId: bookId(),
    eventId: uuid('event_id').notNull(),
  },
  (t) => [primaryKey({ name: 'outbox_pkey', columns: [t.outboxId] })],
);

/** The order in which a book's events are told. Positions are given after commit, so there are no holes. */
export const eventFeed = table(
  'event_feed',
  {
    bookId: bookId(),
    position: bigint('position', { mode: 'bigint' }).notNull(),
    eventId: uuid('event_id').notNull(),
  },
  (t) => [
    primaryKey({ name: 'event_feed_pkey', columns: [t.bookId, t.position] }),
    check('event_feed_position_positive', sql`position > 0`),
  ],
);

/** The last position given in each book. */
export const feedHeads = table(
  'feed_heads',
  {
    bookId: bookId(),
    position: bigint('position', { mode: 'bigint' }).notNull().default(sql`0`),
  },
  (t) => [
    primaryKey({ name: 'feed_heads_pkey', columns: [t.bookId] }),
    foreignKey({ name: 'feed_heads_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    check('feed_heads_position_range', sql`position >= 0`),
  ],
);
