import {
  invoiceIdText,
  invoiceSaltBytes,
  type Offer,
  offerExpiresAt,
  paymentIdOfInvoice,
  type SealKey,
  sealInvoiceBytes,
  type TermsVersion,
} from '@tollbook/domain';
import type { Crypto } from './ports/crypto.js';

/** An offer with the two texts that stand in it on the wire. */
export type IssuedOffer = Offer & {
  readonly paymentId: string;
  /** ISO 8601, to the second. */
  readonly expiresAt: string;
};

/** Seals a fresh offer. Nothing is stored and nothing is asked: this runs for every unpaid request (promise 5). */
export function issueOffer(
  terms: TermsVersion,
  resourceTag: Uint8Array,
  nowUnixSeconds: number,
  sealKey: SealKey,
  crypto: Crypto,
): IssuedOffer {
  const fields = {
    isLive: terms.mode === 'live',
    isStored: false,
    reference: terms.number,
    issuedAtUnixSeconds: nowUnixSeconds,
    salt: crypto.randomBytes(invoiceSaltBytes),
    resourceTag,
  };
  return offerOf(sealInvoiceBytes(fields, sealKey, crypto.hmacSha256), terms, nowUnixSeconds, crypto);
}

/** The offer that an invoice id stands for, read back exactly. */
export function offerOf(
  invoiceBytes: Uint8Array,
  terms: TermsVersion,
  issuedAtUnixSeconds: number,
  crypto: Crypto,
): IssuedOffer {
  const expiresAtUnixSeconds = offerExpiresAt(issuedAtUnixSeconds, terms);
  return {
    invoiceId: invoiceIdText(invoiceBytes),
    invoiceBytes,
    terms,
    issuedAtUnixSeconds,
    expiresAtUnixSeconds,
    paymentId: paymentIdOfInvoice(invoiceBytes, crypto.sha256),
    expiresAt: isoSeconds(expiresAtUnixSeconds),
  };
}

let shownSecond = -1;
let shownText = '';

/** Formatting a date costs more than sealing an id, and one second has one text. */
function isoSeconds(unixSeconds: number): string {
  if (unixSeconds !== shownSecond) {
    shownSecond = unixSeconds;
    shownText = `${new Date(unixSeconds * 1000).toISOString().slice(0, 19)}Z`;
  }
  return shownText;
}
