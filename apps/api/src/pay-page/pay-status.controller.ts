import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { formatDecimal, intentIdOfInvoice, invoiceIdBytes, offerExpiresAt, readInvoiceId } from '@tollbook/domain';
import { invoiceNumber } from '@tollbook/usecases';
import { cryptoPort } from '@tollbook/vault';
import { PublicRoute } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { apiParts } from '../tokens.js';

/** The public status of one invoice, for whoever holds its id: the terms, and what became of the payment. */
@PublicRoute()
@Controller('pay')
export class PayStatusController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get(':invoiceId')
  @Header('cache-control', 'no-store')
  @Header('referrer-policy', 'no-referrer')
  async status(@Param('invoiceId') invoiceId: string) {
    const { snapshot, purchase, queries, catalog } = this.parts;
    const bytes = invoiceIdBytes(invoiceId);
    const reading = readInvoiceId(bytes, (keyId) => snapshot.sealKeyOf(keyId), purchase.crypto.hmacSha256);
    if (bytes === null || reading.kind === 'refused') throw notFound();
    const terms = await purchase.termsOf(reading.fields.reference);
    if (!terms) throw notFound();
    const intentId = intentIdOfInvoice(bytes, cryptoPort.sha256);
    const detail = await queries.payment(terms.bookId, intentId);
    const expiresAtUnixSeconds = offerExpiresAt(reading.fields.issuedAtUnixSeconds, terms);
    const isOver = snapshot.nowMs() / 1000 > expiresAtUnixSeconds;
    const latest = detail?.attempts.find((attempt) => attempt.status !== 'failed');
    return {
      invoiceId,
      status: detail?.intent.status ?? (isOver ? 'expired' : 'open'),
      invoiceNumber: detail ? invoiceNumber(detail.intent.invoiceYear, detail.intent.invoiceNo) : null,
      accepts: terms.networks.map((entry) => ({
        network: entry.network,
        asset: entry.assetText,
        currency: catalog.assets.find((asset) => asset.assetId === entry.asset.assetId)?.symbol ?? entry.asset.symbol,
        address: entry.payToText,
        amount: formatDecimal(entry.amountAtomic, entry.asset.decimals),
        amountAtomic: entry.amountAtomic.toString(),
      })),
      expiresAt: new Date(expiresAtUnixSeconds * 1000).toISOString(),
      txHash: latest?.txHash ?? null,
      // While an outcome is in doubt the same bytes may be sent again, and nothing new should be signed.
      retrySamePayload: latest !== undefined && latest.status !== 'confirmed' && latest.status !== 'final',
      checkedAt: new Date(snapshot.nowMs()).toISOString(),
    };
  }
}

function notFound(): ProblemError {
  return new ProblemError('not_found', 'No invoice has this id.');
}
