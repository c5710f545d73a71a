import { Controller, Get, Inject, Param } from '@nestjs/common';
import type { Offer } from '@tollbook/contract';
import {
  checkTermsInForce,
  encodeId,
  formatDecimal,
  type InvoiceFields,
  intentIdOfInvoice,
  invoiceIdBytes,
  offerGraceSeconds,
  offerState,
  readInvoiceId,
  type TermsInForceRefusal,
} from '@tollbook/domain';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { notFound } from '../cursor.js';
import { toApiPriceVersion } from '../endpoints/endpoint.mapping.js';
import { invoiceTerms } from '../pay-page/invoice-terms.js';
import { apiParts } from '../tokens.js';

/** Offers are not stored: each is read back from its own id, and from the terms that the id names. */
@Controller('v1/offers')
export class OffersController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  /** An id of another book, of no book and of a forger share one answer. */
  @Get(':id')
  @Requires('payments:read')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Offer> {
    const { snapshot, purchase, queries, configuration, catalog } = this.parts;
    const bytes = invoiceIdBytes(id);
    const reading = readInvoiceId(bytes, (keyId) => snapshot.sealKeyOf(keyId), purchase.crypto.hmacSha256);
    if (bytes === null || reading.kind === 'refused') throw notFound('offer');
    const { fields } = reading;
    const terms = await invoiceTerms(this.parts, bytes, fields);
    if (terms?.bookId !== caller.bookId) throw notFound('offer');
    const ended = await this.endOf(fields, terms.expiresAtUnixSeconds);
    const { endpointId, priceVersionId } = terms;
    const [detail, endpoint, price] = await Promise.all([
      queries.payment(caller.bookId, intentIdOfInvoice(bytes, purchase.crypto.sha256)),
      endpointId === null ? null : configuration.endpoint(caller.bookId, endpointId),
      priceVersionId === null ? null : configuration.priceVersion(caller.bookId, priceVersionId),
    ]);
    if (ended === 'invoice_unknown' && !detail) throw notFound('offer');
    // What is sold no more cannot be paid, though its terms may hold.
    const isSold = !endpoint || fields.isStored || (endpoint.isEnabled && endpoint.archivedAtMs === null);
    return {
      invoiceId: id,
      mode: caller.mode,
      state: offerState(detail?.intent.status ?? null, ended ?? (isSold ? null : 'offer_withdrawn')),
      endpoint: endpoint && {
        id: encodeId('endpoint', endpoint.endpointId),
        method: endpoint.method,
        path: endpoint.path,
      },
      priceVersion: price && toApiPriceVersion(price, { catalog, nowMs: snapshot.nowMs() }),
      accepts: terms.networks.map(({ network, asset, assetText, payToText, amountAtomic }) => ({
        network,
        asset: asset.symbol,
        contract: assetText,
        amount: formatDecimal(amountAtomic, asset.decimals),
        amountAtomic: amountAtomic.toString(),
        payTo: payToText,
      })),
      issuedAt: isoSeconds(fields.issuedAtUnixSeconds),
      expiresAt: isoSeconds(terms.expiresAtUnixSeconds),
      honoredUntil: isoSeconds(terms.expiresAtUnixSeconds + offerGraceSeconds),
      paymentId: detail ? encodeId('intent', detail.intent.intentId) : null,
      paymentStatus: detail?.intent.status ?? null,
    };
  }

  /** Why it could not be paid now, were nobody paying it; null while it could. */
  private async endOf(fields: InvoiceFields, expiresAtUnixSeconds: number): Promise<TermsInForceRefusal | null> {
    const nowUnixSeconds = Math.floor(this.parts.snapshot.nowMs() / 1000);
    if (fields.isStored) return nowUnixSeconds > expiresAtUnixSeconds + offerGraceSeconds ? 'offer_expired' : null;
    const terms = await this.parts.purchase.termsOf(fields.reference);
    if (!terms) return 'invoice_unknown';
    const inForce = checkTermsInForce(terms, fields.issuedAtUnixSeconds, nowUnixSeconds);
    return inForce.kind === 'ok' ? null : inForce.reason;
  }
}

function isoSeconds(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString();
}
