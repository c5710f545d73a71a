import { assert } from '@tollbook/domain';
import type { Session } from '../session.js';

type Begun = { readonly now_ms: bigint };

const nowMs = 'floor(extract(epoch from now()) * 1000)::bigint as now_ms';

/** Begins a dbTx that sees one book, in one round trip; resolves to the time it began (unix milliseconds). */
export async function beginInBook(session: Session, bookId: number): Promise<number> {
  assert(Number.isSafeInteger(bookId), 'a book id is an integer');
  const row = await session.runTogether<Begun>(
    `begin; select set_config('tollbook.book_id', '${bookId}', true), ${nowMs}`,
  );
  return Number(row?.now_ms);
}

/** What one payment of a batch waits for, all of it waits for: the batch gives up, and each goes on alone. */
const batchLockTimeoutMs = 250;

/** As `beginInBook`, for a batch that must not wait long for what one of its payments is locked by. */
export async function beginBatchInBook(session: Session, bookId: number): Promise<number> {
  assert(Number.isSafeInteger(bookId), 'a book id is an integer');
  const row = await session.runTogether<Begun>(
    `begin; set local lock_timeout = ${batchLockTimeoutMs};
    select set_config('tollbook.book_id', '${bookId}', true), ${nowMs}`,
  );
  return Number(row?.now_ms);
}

/** Begins a dbTx of the worker, which sees every book; resolves to the time it began (unix milliseconds). */
export async function beginInAllBooks(session: Session): Promise<number> {
  const row = await session.runTogether<Begun>(`begin; select ${nowMs}`);
  return Number(row?.now_ms);
}
