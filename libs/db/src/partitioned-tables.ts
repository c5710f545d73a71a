import { jsonb, pgTable, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { bookId, bytes, createdAt, instant } from './schema/columns.js';

/**
 * Tables whose parents drizzle-kit cannot make: declared for their types alone, made by the migration
 * `partition_tables`, and kept outside the folder that drizzle-kit reads.
 */

/** The answer a payment bought, sealed, to be shown again to whoever may see it. Daily by attempt id, three days. */
export const paidAnswers = pgTable('paid_answers', {
  bookId: bookId(),
  attemptId: uuid('attempt_id').notNull(),
  httpStatus: smallint('http_status').notNull(),
  headersSealed: bytes('headers_sealed').notNull(),
  /** Null where the body was too large or is not kept on purpose. */
  bodySealed: bytes('body_sealed'),
  expiresAt: instant('expires_at').notNull(),
  createdAt: createdAt(),
});

/** What an event says, word for word as it is delivered. Weekly by event id, sixty days. */
export const eventBodies = pgTable('event_bodies', {
  bookId: bookId(),
  eventId: uuid('event_id').notNull(),
  body: text('body').notNull(),
});

/**
 * Each try of a delivery: written before anything is sent, completed after. One that was never completed belongs to a
 * process that died. Weekly by its id, sixty days.
 */
export const deliveryAttempts = pgTable('delivery_attempts', {
  bookId: bookId(),
  deliveryAttemptId: uuid('delivery_attempt_id').notNull(),
  deliveryId: uuid('delivery_id').notNull(),
  startedAt: instant('started_at').notNull(),
  finishedAt: instant('finished_at'),
  httpStatus: smallint('http_status'),
  /** Why there was no complete answer; a stable word. */
  error: text('error'),
  timings: jsonb('timings'),
  requestHeaders: jsonb('request_headers'),
  responseHeaders: jsonb('response_headers'),
  /** The first 16 kB. */
  responseBody: text('response_body'),
});

/** Each run of a schedule. Weekly by its id, sixty days. */
export const scheduleRuns = pgTable('schedule_runs', {
  scheduleRunId: uuid('schedule_run_id').notNull(),
  name: text('name').notNull(),
  startedAt: instant('started_at').notNull(),
  finishedAt: instant('finished_at'),
  outcome: text('outcome'),
  counts: jsonb('counts'),
  createdAt: createdAt(),
});
