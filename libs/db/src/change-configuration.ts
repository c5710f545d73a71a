import type { BookRecord } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbBook } from './mapping/book.mapping.js';
import { lockBook, raiseConfigVersion } from './queries/lock-book.js';
import { inTransaction, type Session } from './session.js';
import { SetupRefused } from './setup-refused.js';
import { beginInBook } from './statements/begin-transaction.js';

/** What a change came to; the gate is told where `isChanged`. */
export type ConfigurationChange<T> = { readonly result: T; readonly isChanged: boolean };

/**
 * One dbTx that changes the configuration of a book, alone among its kind. Where something changed, the book's
 * configuration version rises and is told in the same commit. Throws `SetupRefused` where there is no such book.
 */
export async function changeConfiguration<T>(
  pool: Pool,
  bookId: number,
  change: (session: Session, book: BookRecord) => Promise<ConfigurationChange<T>>,
): Promise<T> {
  return inTransaction(
    pool,
    (session) => beginInBook(session, bookId),
    async (session) => {
      const row = await lockBook(session, bookId);
      if (row === null) throw new SetupRefused(`there is no book ${bookId}`);
      const { result, isChanged } = await change(session, fromDbBook(row));
      if (isChanged) await raiseConfigVersion(session, bookId);
      return result;
    },
  );
}
