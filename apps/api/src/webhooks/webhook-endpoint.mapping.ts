import type { WebhookEndpoint, WebhookEndpointWithSecret } from '@tollbook/contract';
import { encodeId } from '@tollbook/domain';
import type { EndpointWithSecret, WebhookEndpointRecord } from '@tollbook/usecases';
import { webhookSecretText } from '@tollbook/webhooks';

/** A webhook endpoint as `/v1` shows it, without its secret. */
export function toApiWebhookEndpoint(record: WebhookEndpointRecord): WebhookEndpoint {
  return {
    id: encodeId('webhookEndpoint', record.webhookEndpointId),
    url: record.url,
    events: [...record.events],
    isEnabled: record.isEnabled,
    state: record.isEnabled ? (record.failingSinceMs === null ? 'active' : 'failing') : 'disabled',
    disabledReason: record.disabledReason,
    failingSince: isoOrNull(record.failingSinceMs),
    pendingDeliveries: record.pendingDeliveries,
    oldSecretUntil: isoOrNull(record.oldSecretUntilMs),
    createdAt: new Date(record.createdAtMs).toISOString(),
  };
}

/** The same with its secret, which is shown in this one answer. */
export function toApiWebhookEndpointWithSecret({ endpoint, secret }: EndpointWithSecret): WebhookEndpointWithSecret {
  return { ...toApiWebhookEndpoint(endpoint), secret: webhookSecretText(secret) };
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
