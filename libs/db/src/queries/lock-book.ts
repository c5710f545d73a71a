import type { BookRow } from '../mapping/book.mapping.js';
import type { Session } from '../session.js';
import { bookColumns } from './book-columns.js';

/** Not `for update`: that would wait for every open dbTx that books a payment, and make all of them wait. */
const lock = {
  name: 'lock_book',
  text: `select ${bookColumns('b')} from books b where b.book_id = $1 for no key update`,
};

/** The notice leaves with the commit, so whoever hears it finds the change. */
const raise = {
  name: 'raise_config_version',
  text: `with raised as (
      update books set config_version = config_version + 1 where book_id = $1 returning book_id, config_version
    )
    select pg_notify('tollbook_config', book_id || ':' || config_version) from raised`,
};

/** Makes this dbTx the only one that changes the configuration of a book; null where there is no such book. */
export async function lockBook(session: Session, bookId: number): Promise<BookRow | null> {
  return (await session.run<BookRow>(lock, [bookId])).rows[0] ?? null;
}

/** Raises the configuration version of a book and tells it. */
export async function raiseConfigVersion(session: Session, bookId: number): Promise<void> {
  await session.run(raise, [bookId]);
}
