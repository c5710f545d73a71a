import { toDbTime } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

/** Names an intent. */
export type IntentKeyRow = { readonly book_id: number; readonly intent_id: string };

/**
 * An interrupted intent is still `open` in its row; one whose claim is running ends by that claim. One whose amount has
 * been seen waits until that transfer is deep enough to be booked.
 */
const statement = {
  name: 'select_overdue_intents',
  text: `select i.book_id, i.intent_id from payment_intents i
    where i.status = 'open' and i.expires_at < $1
      and not exists (
        select from attempts a
        where a.book_id = i.book_id and a.intent_id = i.intent_id and a.status <> 'failed'
      )
      and not exists (
        select from reserved_amounts r
        join cursors c on c.network_id = r.network_id and c.lane = 0
        join transfers t on t.network_id = r.network_id and t.block_number > c.confirmed_number
          and t.book_id = r.book_id and t.asset_id = r.asset_id and t.to_wallet_id = r.wallet_id
          and t.amount_atomic = r.amount_atomic and t.orphaned_at is null
        where r.book_id = i.book_id and r.intent_id = i.intent_id
      )
    order by i.expires_at, i.book_id, i.intent_id limit $2`,
};

/** Open intents that ended before a moment, longest ago first. */
export async function selectOverdueIntents(session: Session, beforeMs: number, limit: number): Promise<IntentKeyRow[]> {
  return (await session.run<IntentKeyRow>(statement, [toDbTime(beforeMs), limit])).rows;
}
