import { intentIdOfInvoice, invoiceIdBytes } from '@tollbook/domain';
import { testCrypto } from '@tollbook/testing';
import type { Purchase, PurchaseOutcome } from '@tollbook/usecases';

const { sha256 } = testCrypto('deals');

/** What a buyer signed, and what the buyer saw of it. */
export type Deal = {
  readonly purchase: Purchase;
  readonly intentId: string;
  /** How often its whole answer was read, and that was recorded. */
  reads: number;
  /** How often its whole answer was read and the process died while it recorded that. */
  readsInDoubt: number;
  wasServed: boolean;
};

/** An invoice that is to be paid by a transfer of one amount. */
export type OpenedInvoice = {
  readonly intentId: string;
  readonly reservedAtomic: bigint;
  readonly wallet: string;
  /** The last block that had been read when it was opened. */
  readonly afterBlock: bigint;
  readonly expiresAtUnixSeconds: number;
};

export function dealOf(purchase: Purchase): Deal {
  return {
    purchase,
    intentId: intentOf(purchase.presented.invoiceId ?? ''),
    reads: 0,
    readsInDoubt: 0,
    wasServed: false,
  };
}

export function intentOf(invoiceId: string): string {
  const bytes = invoiceIdBytes(invoiceId);
  if (bytes === null) throw new Error('an invoice id of the world is spelled well');
  return intentIdOfInvoice(bytes, sha256);
}

/** Names an authorization. */
export function signedKey(payer: string, nonce: string): string {
  return `${payer}/${nonce}`;
}

/** Codes of answers that bring a new offer: whoever gets one may pay again. */
const invitations: readonly string[] = [
  'payment_required',
  'offer_expired',
  'invoice_unknown',
  'offer_withdrawn',
  'not_offered',
  'network_mismatch',
  'asset_mismatch',
  'recipient_mismatch',
  'amount_mismatch',
  'resource_mismatch',
  'authorization_window',
  'signature_invalid',
  'insufficient_funds',
  'verification_refused',
  'authorization_canceled',
  'offer_already_used',
];

/** Whether an answer asks its buyer to sign anew. */
export function invitesToPay(outcome: PurchaseOutcome): boolean {
  return outcome.kind === 'failed' || (outcome.kind === 'refused' && invitations.includes(outcome.code));
}
