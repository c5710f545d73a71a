import { encodeId } from '@tollbook/domain';
import type { WebhookEndpointRecord } from './ports/webhook-store.js';

/** A webhook endpoint as the merchant API and webhook bodies show it, without its secret. */
export function toWebhookEndpointView(record: WebhookEndpointRecord) {
  return {
    id: encodeId('webhookEndpoint', record.webhookEndpointId),
    url: record.url,
    events: [...record.events],
    isEnabled: record.isEnabled,
    state: stateOf(record),
    disabledReason: record.disabledReason,
    failingSince: isoOrNull(record.failingSinceMs),
    pendingDeliveries: record.pendingDeliveries,
    oldSecretUntil: isoOrNull(record.oldSecretUntilMs),
    createdAt: new Date(record.createdAtMs).toISOString(),
  };
}

function stateOf({ isEnabled, failingSinceMs }: WebhookEndpointRecord) {
  if (!isEnabled) return 'disabled' as const;
  return failingSinceMs === null ? ('active' as const) : ('failing' as const);
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
