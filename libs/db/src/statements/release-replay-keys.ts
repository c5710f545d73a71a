import type { AttemptKey } from '@tollbook/usecases';
import type { Session } from '../session.js';

const statement = {
  name: 'release_replay_keys',
  text: `delete from replay_keys k
    using unnest($1::integer[], $2::uuid[]) as u (book_id, attempt_id), attempts a
    where a.book_id = u.book_id and a.attempt_id = u.attempt_id
      and k.book_id = a.book_id and k.network_id = a.network_id and k.replay_key = a.replay_key
      and k.attempt_id = a.attempt_id`,
};

/** Frees the keys that these attempts hold; the trigger refuses that of an attempt that was not released. */
export async function releaseReplayKeys(session: Session, keys: readonly AttemptKey[]): Promise<void> {
  await session.run(statement, [keys.map((key) => key.bookId), keys.map((key) => key.attemptId)]);
}
