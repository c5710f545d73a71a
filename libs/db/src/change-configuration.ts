import { type AuditContext, type AuditDraft, type BookRecord, systemContext } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbBook } from './mapping/book.mapping.js';
import { lockBook, raiseConfigVersion } from './queries/lock-book.js';
import { inTransaction, type Session } from './session.js';
import { SetupRefused } from './setup-refused.js';
import { beginInBook } from './statements/begin-transaction.js';
import { appendAudit } from './stores/append-audit.js';

/** What a change came to; the gate is told where `isChanged`, and the audit log what `audit` holds. */
export type ConfigurationChange<T> = {
  readonly result: T;
  readonly isChanged: boolean;
  readonly audit?: readonly AuditDraft[];
};

/**
 * One dbTx that changes the configuration of a book, alone among its kind. Where something changed, the book's
 * configuration version rises and is told in the same commit, which holds the audit rows too, in the name of `by`.
 * Throws `SetupRefused` where there is no such book.
 */
export async function changeConfiguration<T>(
  pool: Pool,
  bookId: number,
  change: (session: Session, book: BookRecord) => Promise<ConfigurationChange<T>>,
  by: AuditContext = systemContext,
): Promise<T> {
  return inTransaction(
    pool,
    (session) => beginInBook(session, bookId),
    async (session) => {
      const row = await lockBook(session, bookId);
      if (row === null) throw new SetupRefused(`there is no book ${bookId}`);
      const book = fromDbBook(row);
      const { result, isChanged, audit = [] } = await change(session, book);
      if (isChanged) await raiseConfigVersion(session, bookId);
      await appendAudit(session, book, by, audit);
      return result;
    },
  );
}
