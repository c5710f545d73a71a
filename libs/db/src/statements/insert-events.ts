import type { EventDraft } from '@tollbook/usecases';
import { bytesArray, plainArray, textArray } from '../array-text.js';
import { toDbJson } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

export type HashedEvent = EventDraft & { readonly bodyHash: Uint8Array };

/** The rule of who is told stands in the function `insert_events`. */
const statement = {
  name: 'insert_events',
  text: 'select insert_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
};

/**
 * Writes events, their bodies, a delivery for each endpoint that wants to be told, and their outbox rows, in the order
 * given.
 */
export async function insertEvents(session: Session, events: readonly HashedEvent[]): Promise<void> {
  await session.run(statement, eventArrays(events));
}

/** Events as `insert_events` takes them. */
export function eventArrays(events: readonly HashedEvent[]): string[] {
  return [
    plainArray(events.map((event) => event.bookId)),
    plainArray(events.map((event) => event.eventId)),
    plainArray(events.map((event) => event.type)),
    plainArray(events.map((event) => event.intentId)),
    plainArray(events.map((event) => event.sequence)),
    plainArray(events.map((event) => event.fromStatus)),
    plainArray(events.map((event) => event.toStatus)),
    plainArray(events.map((event) => event.causeId)),
    textArray(events.map((event) => toDbJson(event.evidence))),
    bytesArray(events.map((event) => event.bodyHash)),
    textArray(events.map((event) => event.body)),
  ];
}
