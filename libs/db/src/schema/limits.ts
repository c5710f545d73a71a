import { rateActions, rateSides, rateSubjectKinds } from '@tollbook/domain';
import { sql } from 'drizzle-orm';
import { bigint, check, foreignKey, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { books } from './catalogue.js';
import { address, bookId, createdAt, instant, status, table, uuidKey } from './columns.js';
import { endpoints } from './configuration.js';

/** Exceptions from rate limits, for one payer or one address. */
export const rateLimitOverrides = table(
  'rate_limit_overrides',
  {
    bookId: bookId(),
    rateLimitOverrideId: uuidKey('rate_limit_override_id'),
    subjectKind: status('subject_kind', rateSubjectKinds).notNull(),
    /** A payer's address in lower case, or the short keyed hash of a network address. */
    subject: text('subject').notNull(),
    /** Null holds at every endpoint of the book. */
    endpointId: uuid('endpoint_id'),
    action: status('action', rateActions).notNull(),
    points: integer('points'),
    windowSeconds: integer('window_seconds'),
    burst: integer('burst'),
    expiresAt: instant('expires_at'),
    reason: text('reason').notNull().default(''),
    actorId: text('actor_id').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'rate_limit_overrides_pkey', columns: [t.bookId, t.rateLimitOverrideId] }),
    // A subject has one exception at an endpoint, and one everywhere.
    uniqueIndex('rate_limit_overrides_subject').on(
      t.bookId,
      t.subjectKind,
      t.subject,
      sql`coalesce(endpoint_id, '00000000-0000-0000-0000-000000000000'::uuid)`,
    ),
    foreignKey({ name: 'rate_limit_overrides_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    foreignKey({
      name: 'rate_limit_overrides_endpoint_fk',
      columns: [t.bookId, t.endpointId],
      foreignColumns: [endpoints.bookId, endpoints.endpointId],
    }),
    check(
      'rate_limit_overrides_limit_has_policy',
      sql`num_nonnulls(points, window_seconds, burst) = case when action = 'limit' then 3 else 0 end`,
    ),
    check('rate_limit_overrides_policy_range', sql`points > 0 and window_seconds > 0 and burst >= 0`),
  ],
);

/** Payers who alone may pay: at an endpoint, or wherever no endpoint has such a list. */
export const allowedPayers = table(
  'allowed_payers',
  {
    bookId: bookId(),
    allowedPayerId: uuidKey('allowed_payer_id'),
    /** Null is the list of the whole book. */
    endpointId: uuid('endpoint_id'),
    payer: address('payer').notNull(),
    note: text('note').notNull().default(''),
    actorId: text('actor_id').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'allowed_payers_pkey', columns: [t.bookId, t.allowedPayerId] }),
    uniqueIndex('allowed_payers_payer').on(
      t.bookId,
      t.payer,
      sql`coalesce(endpoint_id, '00000000-0000-0000-0000-000000000000'::uuid)`,
    ),
    foreignKey({ name: 'allowed_payers_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    foreignKey({
      name: 'allowed_payers_endpoint_fk',
      columns: [t.bookId, t.endpointId],
      foreignColumns: [endpoints.bookId, endpoints.endpointId],
    }),
  ],
);

/**
 * What the limits let through and held back, kept for a day. Subject '' is everybody, by the minute; other rows are
 * those who came nearest to their limit, by the hour, with the fullest window that any process saw.
 */
export const rateLimitCounts = table(
  'rate_limit_counts',
  {
    bookId: bookId(),
    endpointId: uuid('endpoint_id').notNull(),
    side: status('side', rateSides).notNull(),
    subject: text('subject').notNull(),
    startsAt: instant('starts_at').notNull(),
    allowed: bigint('allowed', { mode: 'bigint' }).notNull(),
    throttled: bigint('throttled', { mode: 'bigint' }).notNull(),
    used: integer('used').notNull().default(0),
    resetsAt: instant('resets_at'),
    lastSeenAt: instant('last_seen_at').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({
      name: 'rate_limit_counts_pkey',
      columns: [t.bookId, t.endpointId, t.side, t.subject, t.startsAt],
    }),
    foreignKey({
      name: 'rate_limit_counts_endpoint_fk',
      columns: [t.bookId, t.endpointId],
      foreignColumns: [endpoints.bookId, endpoints.endpointId],
    }),
    check('rate_limit_counts_not_negative', sql`allowed >= 0 and throttled >= 0 and used >= 0`),
  ],
);

/** The limiter library's own counters, in the columns and the order that it writes. A crash may empty it. */
export const rateLimitCounters = table(
  'rate_limit_counters',
  {
    key: text('key').notNull(),
    points: integer('points').notNull().default(0),
    /** Unix milliseconds. */
    expire: bigint('expire', { mode: 'bigint' }),
  },
  (t) => [primaryKey({ name: 'rate_limit_counters_pkey', columns: [t.key] })],
);
