export { createWebhookSender, type WebhookHttp } from './create-webhook-sender.js';
export { webhookSecretText } from './secret-text.js';
export { verifyWebhook, type WebhookCheck } from './verify-webhook.js';
