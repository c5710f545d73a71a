import { newWebhookSecret, type SecretDeps } from './new-webhook-secret.js';
import type { AuditContext } from './ports/audit.js';
import type { Clock } from './ports/clock.js';
import type { WebhookEndpointRecord, WebhookStore } from './ports/webhook-store.js';

export type WebhookDeps = SecretDeps & { readonly store: WebhookStore; readonly clock: Clock };

type Owner = { readonly bookId: number; readonly merchantId: string };

/** An endpoint and the secret it was given, which is never shown again. */
export type EndpointWithSecret = { readonly endpoint: WebhookEndpointRecord; readonly secret: Uint8Array };

/**
 * Adds an endpoint with a secret of its own. Its URL has been vetted by the caller, who makes its id too: a run that
 * died is repeated with the same one and adds no second endpoint.
 */
export async function addWebhookEndpoint(
  deps: WebhookDeps,
  owner: Owner,
  endpoint: {
    readonly webhookEndpointId: string;
    readonly url: string;
    readonly events: readonly string[];
    readonly reason: string;
  },
  by: AuditContext,
): Promise<EndpointWithSecret> {
  const { store, clock } = deps;
  const { secret, draft } = newWebhookSecret(deps, owner.merchantId, clock.nowMs());
  const { webhookEndpointId, url, events, reason } = endpoint;
  const change = { bookId: owner.bookId, webhookEndpointId, reason, by };
  return { endpoint: await store.add(change, { url, events, secret: draft }), secret };
}
