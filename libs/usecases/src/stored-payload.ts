import type { PaymentStore } from './ports/payment-store.js';
import type { AttemptKey } from './ports/records.js';
import type { Sealer } from './ports/sealer.js';

/** A signed payment as it is kept: sealed with the merchant's key, bound to its attempt. */
export function sealPayload(sealer: Sealer, merchantId: string, attemptId: string, payload: Uint8Array): Uint8Array {
  return sealer.seal(merchantId, payload, placeOf(attemptId));
}

/** The payment that an attempt was claimed with, byte for byte; null once it was forgotten. */
export async function readPayload(store: PaymentStore, sealer: Sealer, key: AttemptKey): Promise<Uint8Array | null> {
  const sealed = await store.sealedPayload(key);
  return sealed && sealer.open(sealed, placeOf(key.attemptId));
}

function placeOf(attemptId: string): string {
  return `attempts.payload/${attemptId}`;
}
