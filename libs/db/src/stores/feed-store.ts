import type { FeedStore } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { beginReading } from '../queries/begin-reading.js';
import { readFeedHead } from '../queries/read-feed-head.js';
import { inTransaction } from '../session.js';

/** Where feeds end; `pool` acts as tollbook_app. Throws `StoreUnavailable` when the database is away. */
export function createFeedStore(pool: Pool): FeedStore {
  return {
    head: (bookId) =>
      inTransaction(
        pool,
        (session) => beginReading(session, bookId),
        (session) => readFeedHead(session, bookId),
      ),
  };
}
