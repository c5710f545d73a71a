import type { AttemptKey } from '@tollbook/usecases';
import type { Session } from '../session.js';

const statement = {
  name: 'select_payload',
  text: 'select a.payload_sealed from attempts a where a.book_id = $1 and a.attempt_id = $2',
};

/** The sealed payment that an attempt was claimed with. */
export async function selectPayload(session: Session, { bookId, attemptId }: AttemptKey): Promise<Uint8Array | null> {
  const { rows } = await session.run<{ payload_sealed: Uint8Array | null }>(statement, [bookId, attemptId]);
  return rows[0]?.payload_sealed ?? null;
}
