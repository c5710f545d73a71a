import type { AttemptRow } from '../mapping/attempt.mapping.js';
import type { Session } from '../session.js';
import { attemptRow } from './attempt-columns.js';

const byId = {
  name: 'select_attempt',
  text: `select ${attemptRow('a')} from attempts a where a.book_id = $1 and a.attempt_id = $2`,
};

const byReplayKey = {
  name: 'select_attempt_by_replay_key',
  text: `select ${attemptRow('a')}
    from replay_keys k
    join attempts a on a.book_id = k.book_id and a.attempt_id = k.attempt_id
    where k.book_id = $1 and k.network_id = $2 and k.replay_key = $3`,
};

const ofIntents = {
  name: 'select_attempts_of_intents',
  text: `select ${attemptRow('a')}
    from unnest($1::integer[], $2::uuid[]) as u (book_id, intent_id)
    join attempts a on a.book_id = u.book_id and a.intent_id = u.intent_id
    order by a.book_id, a.intent_id, a.created_at, a.attempt_id`,
};

/** One attempt by its id. */
export async function selectAttempt(session: Session, bookId: number, attemptId: string): Promise<AttemptRow | null> {
  const { rows } = await session.run<AttemptRow>(byId, [bookId, attemptId]);
  return rows[0] ?? null;
}

/** The attempt that holds a replay key now; a released key names none. */
export async function selectAttemptByReplayKey(
  session: Session,
  key: { readonly bookId: number; readonly networkId: number; readonly replayKeyHash: Uint8Array },
): Promise<AttemptRow | null> {
  const { rows } = await session.run<AttemptRow>(byReplayKey, [key.bookId, key.networkId, key.replayKeyHash]);
  return rows[0] ?? null;
}

/** All attempts of intents, of each the oldest first. */
export async function selectAttemptsOfIntents(
  session: Session,
  keys: readonly { readonly bookId: number; readonly intentId: string }[],
): Promise<AttemptRow[]> {
  const { rows } = await session.run<AttemptRow>(ofIntents, [
    keys.map((key) => key.bookId),
    keys.map((key) => key.intentId),
  ]);
  return rows;
}
