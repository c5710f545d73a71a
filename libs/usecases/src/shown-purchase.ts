import { type PaymentProof, proofText } from '@tollbook/domain';
import type { IssuedOffer } from './issue-offer.js';
import type { Purchase, PurchaseOutcome, TextToSign } from './purchase.js';

/** One request that shows an invoice id, and perhaps the transaction that paid it, instead of a signed payment. */
export type ShownPurchase = Pick<
  Purchase,
  | 'book'
  | 'endpoint'
  | 'method'
  | 'resourceTag'
  | 'requestFingerprint'
  | 'clientNet'
  | 'client'
  | 'callUpstream'
  | 'signal'
  | 'onCounted'
> & {
  readonly invoiceId: string;
  /** Lower-case; null where the invoice is shown alone. */
  readonly txHash: string | null;
  readonly proof: PaymentProof | null;
  /** The offer of a stored intent, at its own URL. */
  readonly stored?: { readonly offer: IssuedOffer };
};

/** The offer behind a shown invoice id. */
export type ShownInvoice = {
  readonly kind: 'invoice';
  readonly offer: IssuedOffer;
  /** Why nobody may pay it any more, which what is paid does not mind. */
  readonly refusal: 'invoice_unknown' | 'offer_expired' | 'offer_withdrawn' | null;
};

/** What was asked, as far as no table has to be looked at. */
export type Asked = Omit<ShownInvoice, 'kind'> & {
  /** Who proved to have sent the transaction, lower-case. */
  readonly provenBy: { readonly network: string; readonly address: string } | null;
};

export type Refused = Extract<PurchaseOutcome, { kind: 'refused' }>;

export function networksOf({ terms }: IssuedOffer): string[] {
  return terms.networks.map(({ network }) => network);
}

/** The refusal of a hash that nothing binds, with what to sign. */
export function proofRequired(
  host: string,
  { invoiceId, txHash }: { readonly invoiceId: string; readonly txHash: string | null },
  networks: readonly string[],
): Refused {
  const toSign = txHash === null ? [] : textsToSign(host, { invoiceId, txHash }, networks);
  return { kind: 'refused', code: 'transfer_proof_required', invoiceId, toSign };
}

/** What the payer may sign, for each network on which the invoice may have been paid. */
export function textsToSign(
  host: string,
  { invoiceId, txHash }: { readonly invoiceId: string; readonly txHash: string },
  networks: readonly string[],
): TextToSign[] {
  return networks.map((network) => ({ network, text: proofText({ host, invoiceId, network, txHash }) }));
}
