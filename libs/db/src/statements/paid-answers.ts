import type { AttemptKey, StoredAnswer } from '@tollbook/usecases';
import { toDbTime } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

/** A stored answer; the body is null where it was not kept. */
export type PaidAnswerRow = {
  readonly http_status: number;
  readonly headers_sealed: Uint8Array;
  readonly body_sealed: Uint8Array | null;
  readonly expires_at: Date;
};

const select = {
  name: 'select_paid_answer',
  text: `select p.http_status, p.headers_sealed, p.body_sealed, p.expires_at from paid_answers p
    where p.book_id = $1 and p.attempt_id = $2 and p.expires_at > now()`,
};

const save = {
  name: 'save_paid_answers',
  text: `insert into paid_answers (book_id, attempt_id, http_status, headers_sealed, body_sealed, expires_at)
    select * from unnest($1::integer[], $2::uuid[], $3::smallint[], $4::bytea[], $5::bytea[], $6::timestamptz[])
    on conflict (book_id, attempt_id) do update
      set http_status = excluded.http_status, headers_sealed = excluded.headers_sealed,
        body_sealed = excluded.body_sealed, expires_at = excluded.expires_at`,
};

const remove = {
  name: 'delete_paid_answers',
  text: `delete from paid_answers p
    using unnest($1::integer[], $2::uuid[]) as u (book_id, attempt_id)
    where p.book_id = u.book_id and p.attempt_id = u.attempt_id`,
};

/** The answer that an attempt bought, while it may still be fetched. */
export async function selectPaidAnswer(session: Session, key: AttemptKey): Promise<PaidAnswerRow | null> {
  const { rows } = await session.run<PaidAnswerRow>(select, [key.bookId, key.attemptId]);
  return rows[0] ?? null;
}

/** Keeps answers, of an attempt each; the newest of one attempt stands. */
export async function savePaidAnswers(session: Session, answers: readonly StoredAnswer[]): Promise<void> {
  await session.run(save, [
    answers.map((answer) => answer.bookId),
    answers.map((answer) => answer.attemptId),
    answers.map((answer) => answer.httpStatus),
    answers.map((answer) => answer.headersSealed),
    answers.map((answer) => answer.bodySealed),
    answers.map((answer) => toDbTime(answer.expiresAtMs)),
  ]);
}

/** Deletes the answers of attempts that did not pay after all. */
export async function deletePaidAnswers(session: Session, keys: readonly AttemptKey[]): Promise<void> {
  await session.run(remove, [keys.map((key) => key.bookId), keys.map((key) => key.attemptId)]);
}
