import { sql } from 'drizzle-orm';
import { bigint, check, foreignKey, index, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import { books } from './catalogue.js';
import { bookId, bytes, createdAt, instant, status, table } from './columns.js';

/** Who does what alone. Taking a lease raises `fence`; a paused holder fails on its next write. */
export const leases = table(
  'leases',
  {
    name: text('name').notNull(),
    /** New at every process start; null when nobody holds it. */
    holder: text('holder'),
    fence: bigint('fence', { mode: 'bigint' }).notNull().default(sql`0`),
    expiresAt: instant('expires_at').notNull().default(sql`'-infinity'`),
  },
  (t) => [primaryKey({ name: 'leases_pkey', columns: [t.name] }), check('leases_fence_range', sql`fence >= 0`)],
);

const idempotencyStatuses = ['running', 'done'] as const;

/** What a POST with an `Idempotency-Key` came to. Not partitioned, since the key must be unique; pruned by `keep_until`. */
export const idempotencyKeys = table(
  'idempotency_keys',
  {
    bookId: bookId(),
    /** Method and path as they were called: a key is a key of one of them. */
    route: text('route').notNull(),
    key: text('key').notNull(),
    /** Of the body, so that another request is told from the same one. */
    fingerprint: bytes('fingerprint', 32).notNull(),
    status: status('status', idempotencyStatuses).notNull(),
    /** Until then its process runs it; afterwards whoever repeats the request does. */
    leaseUntil: instant('lease_until'),
    httpStatus: smallint('http_status'),
    responseSealed: bytes('response_sealed'),
    keepUntil: instant('keep_until').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'idempotency_keys_pkey', columns: [t.bookId, t.route, t.key] }),
    index('idempotency_keys_keep').on(t.keepUntil),
    foreignKey({ name: 'idempotency_keys_book_fk', columns: [t.bookId], foreignColumns: [books.bookId] }),
    check(
      'idempotency_keys_running_or_done',
      sql`case status when 'running' then lease_until is not null and num_nonnulls(http_status, response_sealed) = 0
        else lease_until is null and num_nonnulls(http_status, response_sealed) = 2 end`,
    ),
  ],
);
