import { encodeId, type Mode, testEventType } from '@tollbook/domain';
import type { WebhookDeps } from './add-webhook-endpoint.js';
import { eventAboutNone } from './event-about-none.js';

/** Tells one endpoint a test event by the same rows, signatures and tries that tell of money. */
export async function sendTestWebhook(
  { store, clock, crypto }: Pick<WebhookDeps, 'store' | 'clock' | 'crypto'>,
  book: { readonly bookId: number; readonly mode: Mode },
  webhookEndpointId: string,
) {
  const data = {
    webhookEndpointId: encodeId('webhookEndpoint', webhookEndpointId),
    message: 'This is a test: nobody has paid.',
  };
  const event = eventAboutNone({ type: testEventType, book, data, nowMs: clock.nowMs(), crypto });
  const added = await store.addTest(webhookEndpointId, event);
  return added.kind === 'added' ? { ...added, eventId: event.eventId } : added;
}
