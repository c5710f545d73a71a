import { disabledReasons } from '@tollbook/domain';
import type { WebhookEndpointRecord } from '@tollbook/usecases';
import type { WebhookEndpointRow } from '../queries/webhook-endpoints.js';
import { fromDbTime, fromDbWordOrNull } from './column.mapping.js';

/** A webhook endpoint as use cases see it. */
export function fromDbWebhookEndpoint(row: WebhookEndpointRow): WebhookEndpointRecord {
  return {
    webhookEndpointId: row.webhook_endpoint_id,
    url: row.url,
    events: [...row.events],
    isEnabled: row.is_enabled,
    disabledReason: fromDbWordOrNull(disabledReasons, row.disabled_reason),
    failingSinceMs: fromDbTime(row.failing_since),
    pendingDeliveries: row.pending,
    oldSecretUntilMs: fromDbTime(row.old_secret_until),
    createdAtMs: row.created_at.getTime(),
  };
}
