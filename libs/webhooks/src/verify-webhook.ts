import { timingSafeEqual } from 'node:crypto';
import { signatureOf } from './sign-webhook.js';

export type WebhookCheck =
  | { readonly kind: 'verified'; readonly id: string }
  | { readonly kind: 'refused'; readonly reason: 'headers_missing' | 'timestamp_off' | 'signature_wrong' };

/** A captured delivery is worthless after this. */
const toleranceSeconds = 300;

/** Whether a delivery was signed with one of the secrets within the last five minutes. Names of headers in lower case. */
export function verifyWebhook(
  secrets: readonly Uint8Array[],
  delivery: { readonly headers: Readonly<Record<string, unknown>>; readonly body: Uint8Array },
  nowMs: number,
): WebhookCheck {
  const { headers, body } = delivery;
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') {
    return { kind: 'refused', reason: 'headers_missing' };
  }
  const timestampUnixSeconds = /^[0-9]{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(nowMs / 1000 - timestampUnixSeconds) <= toleranceSeconds)) {
    return { kind: 'refused', reason: 'timestamp_off' };
  }
  const expected = secrets.map((secret) => signatureOf(secret, { id, timestampUnixSeconds, body }));
  const isSigned = signature.split(' ').some((given) => expected.some((right) => isSame(given, right)));
  return isSigned ? { kind: 'verified', id } : { kind: 'refused', reason: 'signature_wrong' };
}

function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
