import { deliveryStatuses, disabledReasons } from '@tollbook/domain';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
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
import { books } from './catalogue.js';
import { bookId, bytes, createdAt, instant, status, table, uuidKey } from './columns.js';
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

/** Where a merchant's systems want to be told, and of what: `*`, or event types. */
export const webhookEndpoints = table(
  'webhook_endpoints',
  {
    bookId: bookId(),
    webhookEndpointId: uuidKey('webhook_endpoint_id'),
    url: text('url').notNull(),
    events: text('events').array().notNull(),
    isEnabled: boolean('is_enabled').notNull().default(true),
    /** Why we disabled it; null where a person did, or nobody. */
    disabledReason: status('disabled_reason', disabledReasons),
    /** The first failure since the last delivery; null while it answers. */
    failingSince: instant('failing_since'),
    /** Removed by its merchant; kept for its deliveries. */
    archivedAt: instant('archived_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'webhook_endpoints_pkey', columns: [t.bookId, t.webhookEndpointId] }),
    foreignKey({ name: 'webhook_endpoints_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    check('webhook_endpoints_events_named', sql`cardinality(events) > 0`),
    check(
      'webhook_endpoints_disabled_has_cause',
      sql`not is_enabled or num_nonnulls(disabled_reason, archived_at) = 0`,
    ),
  ],
);

/** What deliveries to an endpoint are signed with: every secret that is not over yet, so that one can be exchanged. */
export const webhookSecrets = table(
  'webhook_secrets',
  {
    bookId: bookId(),
    webhookSecretId: uuidKey('webhook_secret_id'),
    webhookEndpointId: uuid('webhook_endpoint_id').notNull(),
    secretSealed: bytes('secret_sealed').notNull(),
    kind: status('kind', ['v1']).notNull().default('v1'),
    /** Null for the current one. */
    expiresAt: instant('expires_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'webhook_secrets_pkey', columns: [t.bookId, t.webhookSecretId] }),
    index('webhook_secrets_endpoint').on(t.bookId, t.webhookEndpointId),
    foreignKey({
      name: 'webhook_secrets_endpoint_fk',
      columns: [t.bookId, t.webhookEndpointId],
      foreignColumns: [webhookEndpoints.bookId, webhookEndpoints.webhookEndpointId],
    }),
  ],
);

/** One endpoint that is to be told of one event; made in the event's transaction. */
export const deliveries = table(
  'deliveries',
  {
    bookId: bookId(),
    deliveryId: uuidKey('delivery_id'),
    eventId: uuid('event_id').notNull(),
    webhookEndpointId: uuid('webhook_endpoint_id').notNull(),
    status: status('status', deliveryStatuses).notNull().default('pending'),
    /** Tries of this round; a resend begins a new one. */
    tries: integer('tries').notNull().default(0),
    /** When it is due, or, while it is being sent, when whoever sends it is taken for dead. */
    nextAttemptAt: instant('next_attempt_at'),
    lastHttpStatus: smallint('last_http_status'),
    doneAt: instant('done_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'deliveries_pkey', columns: [t.bookId, t.deliveryId] }),
    unique('deliveries_event').on(t.bookId, t.eventId, t.webhookEndpointId),
    index('deliveries_due').on(t.bookId, t.webhookEndpointId, t.nextAttemptAt).where(sql`status = 'pending'`),
    index('deliveries_endpoint').on(t.bookId, t.webhookEndpointId, t.deliveryId),
    index('deliveries_undone').on(t.bookId, t.status, t.deliveryId).where(sql`status <> 'delivered'`),
    foreignKey({
      name: 'deliveries_event_fk',
      columns: [t.bookId, t.eventId],
      foreignColumns: [events.bookId, events.eventId],
    }),
    foreignKey({
      name: 'deliveries_endpoint_fk',
      columns: [t.bookId, t.webhookEndpointId],
      foreignColumns: [webhookEndpoints.bookId, webhookEndpoints.webhookEndpointId],
    }),
    check('deliveries_tries_range', sql`tries >= 0`),
    check(
      'deliveries_due_or_done',
      sql`num_nonnulls(next_attempt_at, done_at) = 1 and (status = 'pending') = (next_attempt_at is not null)`,
    ),
  ],
);

/** An order to tell an endpoint again what was given up since a time. The api orders, the worker carries out. */
export const webhookRecoveries = table(
  'webhook_recoveries',
  {
    bookId: bookId(),
    webhookRecoveryId: uuidKey('webhook_recovery_id'),
    webhookEndpointId: uuid('webhook_endpoint_id').notNull(),
    since: instant('since').notNull(),
    /** Deliveries that were to be sent again when it was ordered; a bounded count. */
    total: integer('total').notNull(),
    resent: integer('resent').notNull().default(0),
    /** Null while it runs. */
    doneAt: instant('done_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'webhook_recoveries_pkey', columns: [t.bookId, t.webhookRecoveryId] }),
    uniqueIndex('webhook_recoveries_running').on(t.bookId, t.webhookEndpointId).where(sql`done_at is null`),
    index('webhook_recoveries_endpoint').on(t.bookId, t.webhookEndpointId, t.webhookRecoveryId),
    foreignKey({
      name: 'webhook_recoveries_endpoint_fk',
      columns: [t.bookId, t.webhookEndpointId],
      foreignColumns: [webhookEndpoints.bookId, webhookEndpoints.webhookEndpointId],
    }),
    check('webhook_recoveries_counts_not_negative', sql`total >= 0 and resent >= 0`),
  ],
);
