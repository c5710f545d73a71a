import { equalBytes } from '@tollbook/domain';
import type { IdempotencyName, IdempotencyState, IdempotencyStore } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbBytes } from '../mapping/column.mapping.js';
import {
  beginIdempotent,
  finishIdempotent,
  lapseIdempotent,
  readIdempotent,
  releaseIdempotent,
} from '../queries/idempotency-keys.js';
import { inTransaction, type Session } from '../session.js';
import { beginInBook } from '../statements/begin-transaction.js';

/** Requests that may be repeated. The pool acts as tollbook_app. */
export function createIdempotencyStore(pool: Pool): IdempotencyStore {
  const inBook = <T>(bookId: number, work: (session: Session) => Promise<T>) =>
    inTransaction(pool, (session) => beginInBook(session, bookId), work);
  return {
    begin: (name, fingerprint) => inBook(name.bookId, (session) => begin(session, name, fingerprint)),
    finish: (name, answer) => inBook(name.bookId, (session) => finishIdempotent(session, name, answer)),
    release: (name) => inBook(name.bookId, (session) => releaseIdempotent(session, name)),
    lapse: (name) => inBook(name.bookId, (session) => lapseIdempotent(session, name)),
  };
}

async function begin(session: Session, name: IdempotencyName, fingerprint: Uint8Array): Promise<IdempotencyState> {
  const begunAt = await beginIdempotent(session, name, fingerprint);
  if (begunAt !== null) return { kind: 'begun', createdAtMs: begunAt.getTime() };
  const row = await readIdempotent(session, name);
  // It was given back a moment ago; its sender may try again.
  if (row === null) return { kind: 'running' };
  if (!equalBytes(fromDbBytes(row.fingerprint), fingerprint)) return { kind: 'reused' };
  const { http_status: httpStatus, response_sealed: sealed } = row;
  if (httpStatus === null || sealed === null) return { kind: 'running' };
  return { kind: 'done', httpStatus, responseSealed: fromDbBytes(sealed) };
}
