import type { AttemptRecord } from '@tollbook/usecases';
import type { AttemptRow } from '../mapping/attempt.mapping.js';
import type { Session } from '../session.js';
import { attemptColumns, isLapsed } from './attempt-columns.js';

/** Behind its intent, as every change of an attempt: what somebody has locked does not move under them. */
const statement = {
  name: 'take_over_attempt',
  text: `update attempts a
    set epoch = a.epoch + 1, lease_owner = $5, lease_until = now() + $6 * interval '1 millisecond', updated_at = now()
    from (
      select i.intent_id from payment_intents i where i.book_id = $1 and i.intent_id = $7 for update
    ) held
    where a.intent_id = held.intent_id and a.book_id = $1 and a.attempt_id = $2 and a.epoch = $3 and a.status = $4
      and a.status in ('claimed', 'verified', 'submitting')
      and (${isLapsed('a')} or (a.lease_owner = $5 and a.status <> 'submitting'))
    returning ${attemptColumns('a')}, false as can_be_taken_over`,
};

/** Makes a process the owner of an attempt that nobody works on, under the next epoch; null when somebody does. */
export async function takeOverAttempt(
  session: Session,
  attempt: AttemptRecord,
  leaseOwner: string,
  leaseMs: number,
): Promise<AttemptRow | null> {
  const { bookId, attemptId, epoch, status, intentId } = attempt;
  const values = [bookId, attemptId, epoch, status, leaseOwner, leaseMs, intentId];
  const { rows } = await session.run<AttemptRow>(statement, values);
  return rows[0] ?? null;
}
