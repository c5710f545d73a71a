import type { EventDraft } from '@tollbook/usecases';
import { toDbJson } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

const statement = {
  name: 'insert_events',
  text: `with drafts as (
      select * from unnest($1::integer[], $2::uuid[], $3::text[], $4::uuid[], $5::integer[], $6::text[], $7::text[],
          $8::uuid[], $9::text[], $10::bytea[], $11::text[]) with ordinality
        as u (book_id, event_id, type, intent_id, sequence, from_status, to_status, cause_id, evidence, body_hash, body,
          place)
    ), told as (
      insert into events
        (book_id, event_id, type, intent_id, sequence, from_status, to_status, cause_id, evidence, body_hash)
      select d.book_id, d.event_id, d.type, d.intent_id, d.sequence, d.from_status, d.to_status, d.cause_id,
        d.evidence::jsonb, d.body_hash
      from drafts d
    ), bodies as (
      insert into event_bodies (book_id, event_id, body) select d.book_id, d.event_id, d.body from drafts d
    ), owed as (
      insert into deliveries (book_id, delivery_id, event_id, webhook_endpoint_id, next_attempt_at)
      select d.book_id, new_uuid_v7(), d.event_id, w.webhook_endpoint_id, now()
      from drafts d
      join webhook_endpoints w on w.book_id = d.book_id and w.is_enabled and w.events && array['*', d.type]
    )
    insert into outbox (book_id, event_id) select d.book_id, d.event_id from drafts d order by d.place`,
};

/**
 * Writes events, their bodies, a delivery for each endpoint that wants to be told, and their outbox rows, in the order
 * given.
 */
export async function insertEvents(
  session: Session,
  events: readonly (EventDraft & { readonly bodyHash: Uint8Array })[],
): Promise<void> {
  await session.run(statement, [
    events.map((event) => event.bookId),
    events.map((event) => event.eventId),
    events.map((event) => event.type),
    events.map((event) => event.intentId),
    events.map((event) => event.sequence),
    events.map((event) => event.fromStatus),
    events.map((event) => event.toStatus),
    events.map((event) => event.causeId),
    events.map((event) => toDbJson(event.evidence)),
    events.map((event) => event.bodyHash),
    events.map((event) => event.body),
  ]);
}
