import type { WorkerParts } from './composition.js';
import type { RunCounts } from './schedule-runner.js';

/** Enough to see what kind of damage it is; `books verify` tells more. */
const toldMax = 20;

/** Compares the sums that reports read with the rows that they sum. Each bucket that differs is an error, every time. */
export async function checkSums({ books, logger }: Pick<WorkerParts, 'books' | 'logger'>): Promise<RunCounts> {
  const found = await books.differingSums(toldMax);
  for (const { what, bookId, id } of found) {
    logger.error({ book_id: bookId, what, bucket: id }, 'a sum differs from its rows');
  }
  return { differences: found.length };
}
