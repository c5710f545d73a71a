import {
  checkTermsInForce,
  type InvoiceFields,
  intentIdOfInvoice,
  invoiceIdBytes,
  offerGraceSeconds,
  offerState,
  readInvoiceId,
  type TermsInForceRefusal,
} from '@tollbook/domain';
import { type InvoiceDeps, type InvoiceTerms, invoiceTerms } from './invoice-terms.js';
import type { ConfigurationStore, EndpointRecord, PriceVersionRecord } from './ports/configuration-store.js';
import type { PaymentDetail, PaymentQueries } from './ports/payment-queries.js';
import type { PurchaseDeps } from './purchase.js';

export type ReadOfferDeps = InvoiceDeps & {
  readonly purchase: Pick<PurchaseDeps, 'termsOf' | 'crypto' | 'sealKeyOf' | 'clock'>;
  readonly configuration: Pick<ConfigurationStore, 'wallet' | 'endpoint' | 'priceVersion'>;
  readonly queries: Pick<PaymentQueries, 'payment'>;
};

/** What a sealed invoice id says, and what became of it. */
export type OfferReading = {
  readonly invoiceId: string;
  readonly state: ReturnType<typeof offerState>;
  readonly terms: InvoiceTerms;
  readonly issuedAtUnixSeconds: number;
  readonly endpoint: EndpointRecord | null;
  readonly price: PriceVersionRecord | null;
  /** The id of the payment that it is, or would be. */
  readonly intentId: string;
  readonly payment: PaymentDetail | null;
};

/**
 * Reads an offer back from its own id: offers are not stored. Null for an id of another book, of no book and of a
 * forger alike.
 */
export async function readOffer(deps: ReadOfferDeps, bookId: number, invoiceId: string): Promise<OfferReading | null> {
  const { purchase, configuration, queries } = deps;
  const bytes = invoiceIdBytes(invoiceId);
  const reading = readInvoiceId(bytes, purchase.sealKeyOf, purchase.crypto.hmacSha256);
  if (bytes === null || reading.kind === 'refused') return null;
  const { fields } = reading;
  const terms = await invoiceTerms(deps, bytes, fields);
  if (terms?.bookId !== bookId) return null;
  const ended = await endOf(deps, fields, terms.expiresAtUnixSeconds);
  const { endpointId, priceVersionId } = terms;
  const intentId = intentIdOfInvoice(bytes, purchase.crypto.sha256);
  const [payment, endpoint, price] = await Promise.all([
    queries.payment(bookId, intentId),
    endpointId === null ? null : configuration.endpoint(bookId, endpointId),
    priceVersionId === null ? null : configuration.priceVersion(bookId, priceVersionId),
  ]);
  if (ended === 'invoice_unknown' && !payment) return null;
  // What is sold no more cannot be paid, though its terms may hold.
  const isSold = !endpoint || fields.isStored || (endpoint.isEnabled && endpoint.archivedAtMs === null);
  const state = offerState(payment?.intent.status ?? null, ended ?? (isSold ? null : 'offer_withdrawn'));
  const { issuedAtUnixSeconds } = fields;
  return { invoiceId, state, terms, issuedAtUnixSeconds, endpoint, price, intentId, payment };
}

/** Why it could not be paid now, were nobody paying it; null while it could. */
async function endOf(
  { purchase }: ReadOfferDeps,
  fields: InvoiceFields,
  expiresAtUnixSeconds: number,
): Promise<TermsInForceRefusal | null> {
  const nowUnixSeconds = Math.floor(purchase.clock.nowMs() / 1000);
  if (fields.isStored) return nowUnixSeconds > expiresAtUnixSeconds + offerGraceSeconds ? 'offer_expired' : null;
  const terms = await purchase.termsOf(fields.reference);
  if (!terms) return 'invoice_unknown';
  const inForce = checkTermsInForce(terms, fields.issuedAtUnixSeconds, nowUnixSeconds);
  return inForce.kind === 'ok' ? null : inForce.reason;
}
