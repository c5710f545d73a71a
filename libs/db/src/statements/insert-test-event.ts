import type { EventDraft } from '@tollbook/usecases';
import type { Session } from '../session.js';

/** Not in the feed: it is told to one endpoint alone, and says nothing about money. */
const statement = {
  name: 'insert_test_event',
  text: `with told as (
      insert into events (book_id, event_id, type, body_hash) values ($1, $2, $3, $4)
    ), body as (
      insert into event_bodies (book_id, event_id, body) values ($1, $2, $5)
    )
    insert into deliveries (book_id, delivery_id, event_id, webhook_endpoint_id, next_attempt_at)
    values ($1, new_uuid_v7(), $2, $6, now())
    returning delivery_id`,
};

/** Writes an event and its one delivery; resolves to the delivery's id. */
export async function insertTestEvent(
  session: Session,
  webhookEndpointId: string,
  event: EventDraft & { readonly bodyHash: Uint8Array },
): Promise<string | undefined> {
  const { bookId, eventId, type, bodyHash, body } = event;
  const values = [bookId, eventId, type, bodyHash, body, webhookEndpointId];
  return (await session.run<{ delivery_id: string }>(statement, values)).rows[0]?.delivery_id;
}
