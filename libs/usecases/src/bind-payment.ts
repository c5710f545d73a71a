import {
  checkTermsInForce,
  equalBytes,
  type InvoiceFields,
  invoiceIdBytes,
  offerGraceSeconds,
  readInvoiceId,
  type TermsVersion,
} from '@tollbook/domain';
import { type IssuedOffer, issueOffer, offerOf } from './issue-offer.js';
import type { Purchase, PurchaseDeps } from './purchase.js';

export type BindResult =
  | { readonly kind: 'bound'; readonly offer: IssuedOffer; readonly isResourceEqual: boolean | null }
  | {
      readonly kind: 'refused';
      readonly code: 'invoice_unknown' | 'offer_expired' | 'offer_withdrawn';
    };

/** The offer a payment answers: named by its invoice id, or, where it echoes none, chosen by its amount (section 2). */
export async function bindPayment(deps: PurchaseDeps, purchase: Purchase): Promise<BindResult> {
  if (purchase.stored) return bindStored(deps, purchase, purchase.stored.offer);
  const { invoiceId } = purchase.presented;
  return invoiceId === null ? bindByAmount(deps, purchase) : bindByInvoice(deps, purchase, invoiceId);
}

/** The URL names the invoice: whatever comes here pays that one, or nothing. */
function bindStored(deps: PurchaseDeps, { presented, isResourceUrlEqual }: Purchase, offer: IssuedOffer): BindResult {
  if (presented.invoiceId !== null && presented.invoiceId !== offer.invoiceId) {
    return { kind: 'refused', code: 'invoice_unknown' };
  }
  const isOver = deps.clock.nowMs() / 1000 > offer.expiresAtUnixSeconds + offerGraceSeconds;
  return isOver
    ? { kind: 'refused', code: 'offer_expired' }
    : { kind: 'bound', offer, isResourceEqual: isResourceUrlEqual };
}

async function bindByInvoice(deps: PurchaseDeps, purchase: Purchase, invoiceId: string): Promise<BindResult> {
  const bytes = invoiceIdBytes(invoiceId);
  const reading = readInvoiceId(bytes, deps.sealKeyOf, deps.crypto.hmacSha256);
  if (reading.kind === 'refused' || bytes === null) return { kind: 'refused', code: 'invoice_unknown' };
  const { fields } = reading;
  // Ids of stored intents name a book instead of terms; this gate has no way to reach them by a path.
  if (fields.isStored || fields.isLive !== (purchase.book.mode === 'live')) {
    return { kind: 'refused', code: 'invoice_unknown' };
  }
  const terms = await findTerms(deps, purchase, fields);
  if (!terms || terms.bookId !== purchase.book.bookId) return { kind: 'refused', code: 'invoice_unknown' };
  const nowUnixSeconds = Math.floor(deps.clock.nowMs() / 1000);
  const inForce = checkTermsInForce(terms, fields.issuedAtUnixSeconds, nowUnixSeconds);
  if (inForce.kind === 'refused') return { kind: 'refused', code: inForce.reason };
  // The tag covers the endpoint, so an offer of a sibling at the same price is another resource (A02).
  const isResourceEqual = equalBytes(fields.resourceTag, purchase.resourceTag) && purchase.isResourceUrlEqual !== false;
  return {
    kind: 'bound',
    offer: offerOf(bytes, terms, fields.issuedAtUnixSeconds, deps.crypto),
    isResourceEqual,
  };
}

/** The terms version that an invoice id names, from the snapshot where that has it. */
export async function findTerms(
  deps: PurchaseDeps,
  purchase: Pick<Purchase, 'book'>,
  fields: InvoiceFields,
): Promise<TermsVersion | null> {
  const known = purchase.book.endpoints
    .flatMap((endpoint) => endpoint.terms)
    .find((terms) => terms.number === fields.reference);
  return known ?? (await deps.termsOf(fields.reference));
}

/**
 * The terms in force at some time while an offer could still be paid, whose amount is what was signed. Of several
 * with one amount the newest: to the buyer they are the same, and every process picks the same. Where none fits, the
 * newest is bound, so that the terms check names the first thing that differs.
 */
function bindByAmount(deps: PurchaseDeps, purchase: Purchase): BindResult {
  const nowUnixSeconds = Math.floor(deps.clock.nowMs() / 1000);
  const { presented, endpoint } = purchase;
  const candidates = endpoint.terms.filter(
    (terms) =>
      terms.revokedAtUnixSeconds === null &&
      terms.inForceFromUnixSeconds <= nowUnixSeconds &&
      (terms.supersededAtUnixSeconds ?? nowUnixSeconds) >= nowUnixSeconds - terms.offerTtlSeconds - offerGraceSeconds,
  );
  const fits = candidates.filter((terms) =>
    terms.networks.some(
      (entry) =>
        entry.network === presented.network &&
        entry.payToText.toLowerCase() === presented.authorization.to &&
        entry.amountAtomic === presented.authorization.valueAtomic,
    ),
  );
  const newest = (fits.length > 0 ? fits : candidates).reduce<TermsVersion | null>(
    (best, terms) => (best === null || terms.number > best.number ? terms : best),
    null,
  );
  if (!newest) return { kind: 'refused', code: 'offer_withdrawn' };
  const offer = issueOffer(newest, purchase.resourceTag, nowUnixSeconds, deps.currentSealKey(), deps.crypto);
  return { kind: 'bound', offer, isResourceEqual: purchase.isResourceUrlEqual };
}
