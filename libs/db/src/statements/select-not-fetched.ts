import type { Session } from '../session.js';
import type { IntentKeyRow } from './select-overdue-intents.js';

/**
 * Money comes to an intent without an attempt by its promised amount, or by a person's hand, and both say so in rows of
 * their own: a promise stands for a day after its intent ended, and hands move little. What a person has ended is not
 * opened again.
 */
const statement = {
  name: 'select_not_fetched',
  text: `select i.book_id, i.intent_id
    from (
      select r.book_id, r.intent_id from reserved_amounts r
      union
      select h.book_id, h.intent_id from hand_links h
      where h.refusal is null and h.done_at > now() - interval '1 day'
    ) given
    join payment_intents i on i.book_id = given.book_id and i.intent_id = given.intent_id
    where i.status in ('confirmed', 'final') and i.source in ('gate', 'pay_page') and i.endpoint_id is not null
      and i.confirmed_at < now() - $2 * interval '1 millisecond'
      and not exists (
        select from attempts a
        where a.book_id = i.book_id and a.intent_id = i.intent_id and a.status <> 'failed'
      )
      and not exists (
        select from discrepancies d
        where d.book_id = i.book_id and d.intent_id = i.intent_id and d.kind = 'paid_not_served'
          and (d.closed_at is null or d.actor_id is not null)
      )
    order by i.confirmed_at, i.book_id, i.intent_id limit $1`,
};

/** Intents that a transfer paid so long ago and that nobody fetched, the oldest first. */
export async function selectNotFetched(session: Session, limit: number, olderThanMs: number): Promise<IntentKeyRow[]> {
  return (await session.run<IntentKeyRow>(statement, [limit, olderThanMs])).rows;
}
