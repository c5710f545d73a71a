import { uuidV7 } from '@tollbook/domain';
import { newWebhookSecret, type SecretDeps } from './new-webhook-secret.js';
import type { AuditContext } from './ports/audit.js';
import type { Clock } from './ports/clock.js';
import type { WebhookEndpointRecord, WebhookStore } from './ports/webhook-store.js';

export type WebhookDeps = SecretDeps & { readonly store: WebhookStore; readonly clock: Clock };

type Owner = { readonly bookId: number; readonly merchantId: string };

/** An endpoint and the secret it was given, which is never shown again. */
export type EndpointWithSecret = { readonly endpoint: WebhookEndpointRecord; readonly secret: Uint8Array };

/** Adds an endpoint with a secret of its own. Its URL has been vetted by the caller. */
export async function addWebhookEndpoint(
  deps: WebhookDeps,
  owner: Owner,
  endpoint: { readonly url: string; readonly events: readonly string[]; readonly reason: string },
  by: AuditContext,
): Promise<EndpointWithSecret> {
  const { store, clock, crypto } = deps;
  const { secret, draft } = newWebhookSecret(deps, owner.merchantId, clock.nowMs());
  const webhookEndpointId = uuidV7(clock.nowMs(), crypto.randomBytes(10));
  const change = { bookId: owner.bookId, webhookEndpointId, reason: endpoint.reason, by };
  const { url, events } = endpoint;
  return { endpoint: await store.add(change, { url, events, secret: draft }), secret };
}
