import type { OfferCountStore } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { inTransaction } from '../session.js';
import { beginInBook } from '../statements/begin-transaction.js';
import { saveOfferCounts, saveRefusalSamples } from '../statements/save-offer-counts.js';

/** `pool` acts as tollbook_app, with soft commits: nobody waits for these to be on disk. */
export function createOfferCountStore(pool: Pool): OfferCountStore {
  return {
    save: (bookId, minuteMs, counts, samples) =>
      inTransaction(
        pool,
        (session) => beginInBook(session, bookId),
        async (session) => {
          if (counts.length > 0) await saveOfferCounts(session, bookId, minuteMs, counts);
          if (samples.length > 0) await saveRefusalSamples(session, bookId, samples);
        },
      ),
  };
}
