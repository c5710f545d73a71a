import { everyEvent, uuidV7 } from '@tollbook/domain';
import { addWebhookEndpoint, type WebhookDeps } from './add-webhook-endpoint.js';
import { systemContext } from './ports/audit.js';

/** Where the sandbox's inbox stands; endpoints are known as its own by this ending. */
export const inboxPath = '/sandbox/inbox';

/** More endpoints than a demo merchant has. */
const endpointsMax = 100;

/**
 * Lets the demo merchant's webhooks arrive in the sandbox's inbox. Running it again changes nothing but the inbox's
 * address, which may move between starts; a merchant who told their own endpoint instead is left alone.
 */
export async function setUpInbox(
  deps: WebhookDeps,
  owner: { readonly bookId: number; readonly merchantId: string },
  url: string,
): Promise<void> {
  const { bookId } = owner;
  const endpoints = await deps.store.endpoints(bookId, null, endpointsMax);
  const inboxes = endpoints.filter((endpoint) => endpoint.url.endsWith(inboxPath));
  if (inboxes.some((inbox) => inbox.url === url)) return;
  const [moved] = inboxes;
  const reason = 'The inbox of the sandbox';
  if (moved) {
    await deps.store.change({ bookId, webhookEndpointId: moved.webhookEndpointId, reason, by: systemContext }, { url });
  } else if (endpoints.length === 0) {
    const webhookEndpointId = uuidV7(deps.clock.nowMs(), deps.crypto.randomBytes(10));
    const inbox = { webhookEndpointId, url, events: [everyEvent], reason };
    await addWebhookEndpoint(deps, owner, inbox, systemContext);
  }
}
