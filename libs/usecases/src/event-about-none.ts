import { type EventType, type Mode, uuidV7 } from '@tollbook/domain';
import { eventBody } from './event-body.js';
import type { Crypto } from './ports/crypto.js';
import type { EventDraft } from './ports/records.js';

/** An event that is about no payment, with an id of its own. */
export function eventAboutNone(event: {
  readonly type: EventType;
  readonly book: { readonly bookId: number; readonly mode: Mode };
  readonly data: object;
  readonly nowMs: number;
  readonly crypto: Pick<Crypto, 'randomBytes'>;
}): EventDraft {
  const { type, book, data, nowMs, crypto } = event;
  const eventId = uuidV7(nowMs, crypto.randomBytes(10));
  return {
    bookId: book.bookId,
    eventId,
    type,
    intentId: null,
    sequence: null,
    fromStatus: null,
    toStatus: null,
    causeId: null,
    evidence: null,
    body: eventBody({ eventId, type, mode: book.mode, sequence: null, data, nowMs }),
  };
}
