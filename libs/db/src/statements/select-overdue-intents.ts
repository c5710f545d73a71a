import { toDbTime } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

/** Names an intent. */
export type IntentKeyRow = { readonly book_id: number; readonly intent_id: string };

/** An interrupted intent is still `open` in its row; one whose claim is running ends by that claim. */
const statement = {
  name: 'select_overdue_intents',
  text: `select i.book_id, i.intent_id from payment_intents i
    where i.status = 'open' and i.expires_at < $1
      and not exists (
        select from attempts a
        where a.book_id = i.book_id and a.intent_id = i.intent_id and a.status <> 'failed'
      )
    order by i.expires_at, i.book_id, i.intent_id limit $2`,
};

/** Open intents that ended before a moment, longest ago first. */
export async function selectOverdueIntents(session: Session, beforeMs: number, limit: number): Promise<IntentKeyRow[]> {
  return (await session.run<IntentKeyRow>(statement, [toDbTime(beforeMs), limit])).rows;
}
