import { verifyLedger } from '@tollbook/usecases';
import { cryptoPort } from '@tollbook/vault';
import type { WorkerParts } from './composition.js';
import type { RunCounts } from './schedule-runner.js';

/** Enough to see what kind of damage it is; `books verify` tells the same and more. */
const toldMax = 20;

/**
 * Walks the ledger of every book, with the transfers and allocations that its entries seal, and looks for rows that
 * contradict one another. Each that is not what was booked is an error, every time.
 */
export async function checkLedgers({ books, logger }: Pick<WorkerParts, 'books' | 'logger'>): Promise<RunCounts> {
  const counts = { broken: 0, contradictions: 0 };
  for (const bookId of await books.bookIds()) {
    const verdict = await verifyLedger(books, cryptoPort, bookId);
    if (verdict.kind === 'intact') continue;
    counts.broken += verdict.findings.length;
    for (const { entrySeq, what, row, differs } of verdict.findings) {
      logger.error({ book_id: bookId, entry: `${entrySeq}`, what, row, differs }, 'the ledger is broken');
    }
  }
  for (const { what, bookId, id } of await books.contradictions(toldMax)) {
    // Sums are compared, and told, by a schedule of their own.
    if (what.startsWith('rollup_')) continue;
    counts.contradictions += 1;
    logger.error({ book_id: bookId, what, row: id }, 'rows contradict one another');
  }
  return counts;
}
