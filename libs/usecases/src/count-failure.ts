import { assert, hourOf, localDay, type RollupChange } from '@tollbook/domain';
import type { AttemptRecord, BookRecord, IntentRecord } from './ports/records.js';

/** What a failed attempt adds to the sums: on the day on which it was made, so that it counts beside the others of it. */
export function countFailure(
  book: Pick<BookRecord, 'timeZone'>,
  intent: Pick<IntentRecord, 'endpointId'>,
  attempt: AttemptRecord,
): RollupChange {
  assert(attempt.status === 'failed' && attempt.reason !== null, 'only what failed is counted as failed');
  const madeAt = Math.floor(attempt.createdAtMs / 1000);
  return {
    bookId: attempt.bookId,
    day: localDay(madeAt, book.timeZone),
    hourUnixSeconds: hourOf(madeAt),
    endpointId: intent.endpointId,
    network: attempt.network,
    assetId: attempt.assetId,
    outcome: 'failed',
    reason: attempt.reason,
    count: 1,
    amountAtomic: attempt.amountAtomic,
  };
}
