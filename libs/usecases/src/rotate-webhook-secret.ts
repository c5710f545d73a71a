import type { EndpointWithSecret, WebhookDeps } from './add-webhook-endpoint.js';
import { newWebhookSecret } from './new-webhook-secret.js';
import type { WebhookChange } from './ports/webhook-store.js';

/** Gives an endpoint a new secret; null where there is no such endpoint. */
export async function rotateWebhookSecret(
  deps: WebhookDeps,
  merchantId: string,
  change: WebhookChange,
  overlapSeconds: number,
): Promise<EndpointWithSecret | null> {
  const { secret, draft } = newWebhookSecret(deps, merchantId, deps.clock.nowMs());
  const endpoint = await deps.store.rotate(change, draft, overlapSeconds);
  return endpoint && { endpoint, secret };
}
