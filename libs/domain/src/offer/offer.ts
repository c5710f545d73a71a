import type { TermsVersion } from './terms-version.js';

/** What one 402 said. Never stored: everything here is read back from the sealed id and its terms version. */
export type Offer = {
  readonly invoiceId: string;
  readonly invoiceBytes: Uint8Array;
  readonly terms: TermsVersion;
  readonly issuedAtUnixSeconds: number;
  readonly expiresAtUnixSeconds: number;
};

/** Our own keys in `extra` of an EVM entry; foreign keys a client adds are ignored, these must come back unchanged. */
export function evmExtra(offer: {
  readonly invoiceId: string;
  readonly paymentId: string;
  readonly expiresAt: string;
  readonly eip712: { readonly name: string; readonly version: string };
}): Readonly<Record<string, string>> {
  return {
    name: offer.eip712.name,
    version: offer.eip712.version,
    primaryType: 'TransferWithAuthorization',
    invoiceId: offer.invoiceId,
    paymentId: offer.paymentId,
    expiresAt: offer.expiresAt,
  };
}
