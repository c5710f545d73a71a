import { assert } from '@tollbook/domain';
import type { Session } from '../session.js';

const begin = 'begin isolation level repeatable read read only';

/** Begins a dbTx that writes nothing and sees one moment: of one book, or for null of all that its role may see. */
export async function beginReading(session: Session, bookId: number | null): Promise<void> {
  assert(bookId === null || Number.isSafeInteger(bookId), 'a book id is an integer');
  await session.runTogether(`${begin}; select set_config('tollbook.book_id', '${bookId ?? ''}', true)`);
}
