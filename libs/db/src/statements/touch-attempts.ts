import type { AttemptKey } from '@tollbook/usecases';
import { toDbTime } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

const postpone = {
  name: 'postpone_check',
  text: `update attempts a set check_at = $3, updated_at = now()
    where a.book_id = $1 and a.attempt_id = $2 and a.status in ('submitting', 'submitted', 'unknown')`,
};

const resent = {
  name: 'mark_resent',
  text: `update attempts a set last_sent_at = now(), resent_count = a.resent_count + 1, updated_at = now()
    from unnest($1::integer[], $2::uuid[]) as u (book_id, attempt_id)
    where a.book_id = u.book_id and a.attempt_id = u.attempt_id`,
};

/** Says when an undecided attempt is looked at next; a decided one is left alone. */
export async function postponeCheck(session: Session, key: AttemptKey, checkAtMs: number): Promise<void> {
  await session.run(postpone, [key.bookId, key.attemptId, toDbTime(checkAtMs)]);
}

/** Counts one more sending of the same bytes. */
export async function markResent(session: Session, keys: readonly AttemptKey[]): Promise<void> {
  await session.run(resent, [keys.map((key) => key.bookId), keys.map((key) => key.attemptId)]);
}
