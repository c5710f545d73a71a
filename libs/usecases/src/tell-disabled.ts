import { disabledEventType, type Mode } from '@tollbook/domain';
import { eventAboutNone } from './event-about-none.js';
import type { Clock } from './ports/clock.js';
import type { Crypto } from './ports/crypto.js';
import type { EventDraft } from './ports/records.js';
import type { WebhookEndpointRecord } from './ports/webhook-store.js';
import { toWebhookEndpointView } from './webhook-endpoint-view.js';

/** Makes the event that tells of an endpoint which we disabled; the book's other endpoints hear of it. */
export type TellDisabled = (
  book: { readonly bookId: number; readonly mode: Mode },
  endpoint: WebhookEndpointRecord,
) => EventDraft;

/** Events with ids and times of their own. */
export function createTellDisabled(deps: {
  readonly clock: Clock;
  readonly crypto: Pick<Crypto, 'randomBytes'>;
}): TellDisabled {
  return (book, endpoint) =>
    eventAboutNone({
      type: disabledEventType,
      book,
      data: toWebhookEndpointView(endpoint),
      nowMs: deps.clock.nowMs(),
      crypto: deps.crypto,
    });
}
