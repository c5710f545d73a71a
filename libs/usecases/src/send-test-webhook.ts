import { encodeId, type Mode, testEventType, uuidV7 } from '@tollbook/domain';
import type { WebhookDeps } from './add-webhook-endpoint.js';
import { eventBody } from './event-body.js';

/** Tells one endpoint a test event by the same rows, signatures and tries that tell of money. */
export async function sendTestWebhook(
  { store, clock, crypto }: Pick<WebhookDeps, 'store' | 'clock' | 'crypto'>,
  book: { readonly bookId: number; readonly mode: Mode },
  webhookEndpointId: string,
) {
  const nowMs = clock.nowMs();
  const eventId = uuidV7(nowMs, crypto.randomBytes(10));
  const data = {
    webhookEndpointId: encodeId('webhookEndpoint', webhookEndpointId),
    message: 'This is a test: nobody has paid.',
  };
  const added = await store.addTest(webhookEndpointId, {
    bookId: book.bookId,
    eventId,
    type: testEventType,
    intentId: null,
    sequence: null,
    fromStatus: null,
    toStatus: null,
    causeId: null,
    evidence: null,
    body: eventBody({ eventId, type: testEventType, mode: book.mode, sequence: null, data, nowMs }),
  });
  return added.kind === 'added' ? { ...added, eventId } : added;
}
