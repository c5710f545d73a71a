import type { BookRow } from '../mapping/book.mapping.js';
import { bookColumns } from '../queries/book-columns.js';
import type { Session } from '../session.js';

const statement = {
  name: 'select_books',
  text: `select ${bookColumns('b')} from books b where b.book_id = any($1::integer[]) order by b.book_id`,
};

/** Books by their ids. */
export async function selectBooks(session: Session, bookIds: readonly number[]): Promise<BookRow[]> {
  return (await session.run<BookRow>(statement, [bookIds])).rows;
}
