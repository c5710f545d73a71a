import { createHmac } from 'node:crypto';

/** What is signed: the same id at every try, the moment of this one, and the body byte for byte. */
export type SignedParts = {
  readonly id: string;
  readonly timestampUnixSeconds: number;
  readonly body: Uint8Array;
};

/** The `v1` signature of Standard Webhooks 1.0.0: HMAC-SHA-256 over `id.timestamp.body`, in base64. */
export function signatureOf(secret: Uint8Array, { id, timestampUnixSeconds, body }: SignedParts): string {
  const mac = createHmac('sha256', secret).update(`${id}.${timestampUnixSeconds}.`).update(body);
  return `v1,${mac.digest('base64')}`;
}

/**
 * The three headers of a delivery. While a secret is exchanged, the old one signs too: receivers take any signature
 * that fits.
 */
export function signWebhook(secrets: readonly Uint8Array[], parts: SignedParts): [name: string, value: string][] {
  return [
    ['webhook-id', parts.id],
    ['webhook-timestamp', String(parts.timestampUnixSeconds)],
    ['webhook-signature', secrets.map((secret) => signatureOf(secret, parts)).join(' ')],
  ];
}
