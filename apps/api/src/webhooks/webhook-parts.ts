import { createDeliveryQueries, createWebhookRecoveryStore, createWebhookStore } from '@tollbook/db';
import { createUrlVetter } from '@tollbook/outbound';
import type { DeliveryQueries, WebhookDeps, WebhookRecoveryStore } from '@tollbook/usecases';
import type { ApiParts } from '../composition.js';
import type { VetDeps } from './vet-webhook-url.js';

/** Injection token of what the webhook routes are built from. */
export const webhookParts = Symbol('webhookParts');

export type WebhookParts = WebhookDeps &
  VetDeps & { readonly queries: DeliveryQueries; readonly recoveries: WebhookRecoveryStore };

/** Builds them from what the api's composition root holds. */
export function composeWebhooks(parts: ApiParts): WebhookParts {
  const { sealer, crypto, clock } = parts.purchase;
  return {
    sealer,
    crypto,
    clock,
    store: createWebhookStore(parts.pool),
    queries: createDeliveryQueries(parts.pool),
    recoveries: createWebhookRecoveryStore(parts.pool),
    vetUrl: createUrlVetter({ allowCidrs: parts.allowCidrs }),
    outbound: parts.outbound,
  };
}
