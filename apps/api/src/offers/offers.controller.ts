import { Controller, Get, Inject, Param } from '@nestjs/common';
import type { Offer } from '@tollbook/contract';
import { encodeId, formatDecimal, offerGraceSeconds } from '@tollbook/domain';
import { readOffer } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { notFound } from '../cursor.js';
import { toApiPriceVersion } from '../endpoints/endpoint.mapping.js';
import { apiParts } from '../tokens.js';

/** Offers are not stored: each is read back from its own id, and from the terms that the id names. */
@Controller('v1/offers')
export class OffersController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  /** An id of another book, of no book and of a forger share one answer. */
  @Get(':id')
  @Requires('payments:read')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Offer> {
    const { snapshot, catalog } = this.parts;
    const reading = await readOffer(this.parts, caller.bookId, id);
    if (!reading) throw notFound('offer');
    const { state, terms, issuedAtUnixSeconds, endpoint, price, payment } = reading;
    return {
      invoiceId: id,
      mode: caller.mode,
      state,
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
      issuedAt: isoSeconds(issuedAtUnixSeconds),
      expiresAt: isoSeconds(terms.expiresAtUnixSeconds),
      honoredUntil: isoSeconds(terms.expiresAtUnixSeconds + offerGraceSeconds),
      paymentId: payment ? encodeId('intent', payment.intent.intentId) : null,
      paymentStatus: payment?.intent.status ?? null,
    };
  }
}

function isoSeconds(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString();
}
