import type { WebhookEndpointWithSecret } from '@tollbook/contract';
import { type EndpointWithSecret, toWebhookEndpointView } from '@tollbook/usecases';
import { webhookSecretText } from '@tollbook/webhooks';

/** A webhook endpoint with its secret, which is shown in this one answer. */
export function toApiWebhookEndpointWithSecret({ endpoint, secret }: EndpointWithSecret): WebhookEndpointWithSecret {
  return { ...toWebhookEndpointView(endpoint), secret: webhookSecretText(secret) };
}
