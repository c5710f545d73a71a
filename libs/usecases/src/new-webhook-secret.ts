import { uuidV7 } from '@tollbook/domain';
import { webhookSecretAad } from './deliver-webhook.js';
import type { Crypto } from './ports/crypto.js';
import type { Sealer } from './ports/sealer.js';
import type { WebhookSecretDraft } from './ports/webhook-store.js';

/** Standard Webhooks asks for 24 to 64. */
const secretBytes = 32;

export type SecretDeps = { readonly sealer: Sealer; readonly crypto: Crypto };

/** A fresh signing secret, to be shown once, and the row that keeps it. */
export function newWebhookSecret(
  { sealer, crypto }: SecretDeps,
  merchantId: string,
  nowMs: number,
): { readonly secret: Uint8Array; readonly draft: WebhookSecretDraft } {
  const secret = crypto.randomBytes(secretBytes);
  const webhookSecretId = uuidV7(nowMs, crypto.randomBytes(10));
  const secretSealed = sealer.seal(merchantId, secret, webhookSecretAad(webhookSecretId));
  return { secret, draft: { webhookSecretId, secretSealed } };
}
