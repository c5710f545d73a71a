import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { textSchema } from '@tollbook/contract';
import { checkTermsInForce, invoiceIdBytes, readInvoiceId } from '@tollbook/domain';
import { type InvoiceToOpen, invoiceTerms, type OpenResult, openInvoice } from '@tollbook/usecases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PublicRoute } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { readInvoice } from './invoice-view.js';

const openSchema = z.strictObject({
  /** CAIP-2, one of those that the invoice accepts. */
  network: textSchema,
});

/** What one address may open of one book: people click, and each opening is a row. */
const openings = { points: 30, windowSeconds: 60, burst: 0 };

/** Where a person's click, or a script, opens an invoice for a transfer from a wallet. No link leads here. */
@PublicRoute()
@Controller('pay')
export class OpenInvoiceController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Post(':invoiceId/open')
  @HttpCode(200)
  async open(
    @Param('invoiceId') invoiceId: string,
    @Body(new SchemaPipe(openSchema)) { network }: z.infer<typeof openSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    void reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    const invoice = await this.find(invoiceId, network);
    await this.count(invoice.bookId, request, reply);
    const { intents, catalog, formatAddress, purchase } = this.parts;
    refuse(await openInvoice({ intents, catalog, formatAddress, crypto: purchase.crypto }, invoice));
    return (await readInvoice(this.parts, invoiceId))?.view;
  }

  private async find(invoiceId: string, network: string): Promise<InvoiceToOpen> {
    const { snapshot, purchase } = this.parts;
    const bytes = invoiceIdBytes(invoiceId);
    const reading = readInvoiceId(bytes, (keyId) => snapshot.sealKeyOf(keyId), purchase.crypto.hmacSha256);
    const terms = bytes && reading.kind === 'ok' ? await invoiceTerms(this.parts, bytes, reading.fields) : null;
    const book = snapshot.books().find((each) => each.book.bookId === terms?.bookId)?.book;
    if (bytes === null || reading.kind === 'refused' || !terms || !book) {
      throw new ProblemError('not_found', 'No invoice has this id.');
    }
    const entry = terms.networks.find((each) => each.network === network);
    if (!entry) {
      const detail = `The invoice is paid on ${terms.networks.map((each) => each.network).join(' or ')}.`;
      throw new ProblemError('parameter_invalid', detail, { parameter: 'network' });
    }
    const { version, endpointId, priceVersionId, expiresAtUnixSeconds } = terms;
    const { issuedAtUnixSeconds, isStored } = reading.fields;
    const nowUnixSeconds = Math.floor(snapshot.nowMs() / 1000);
    return {
      bookId: book.bookId,
      mode: book.mode,
      invoiceId: bytes,
      isStored,
      isInForce: version === null || checkTermsInForce(version, issuedAtUnixSeconds, nowUnixSeconds).kind === 'ok',
      termsNumber: version?.number ?? null,
      endpointId,
      priceVersionId,
      network,
      assetId: entry.asset.assetId,
      walletId: entry.walletId,
      amountAtomic: entry.amountAtomic,
      expiresAtMs: expiresAtUnixSeconds * 1000,
    };
  }

  private async count(bookId: number, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { shortHash } = this.parts.unpaidLimit.netOf(request.raw);
    const verdict = await this.parts.purchase.payerLimiter.consume(`open/${bookId}/${shortHash}`, openings);
    if (verdict?.kind !== 'limited') return;
    void reply.header('retry-after', String(verdict.retryAfterSeconds));
    throw new ProblemError('rate_limited', 'Too many invoices were opened from this address. Try again later.');
  }
}

function refuse(result: OpenResult): void {
  if (result.kind === 'opened') return;
  switch (result.reason) {
    case 'not_payable':
      throw new ProblemError('invoice_not_payable', `The invoice is ${result.status}.`);
    case 'opened_elsewhere':
      throw new ProblemError('invoice_opened_elsewhere', 'The invoice is being paid on another network already.');
    case 'not_offered':
      throw new ProblemError('transfer_not_offered', 'The amount is too small for a transfer from a wallet.');
    case 'amounts_taken':
      throw new ProblemError('transfer_not_offered', 'Too many invoices of this amount are open. Try again later.');
  }
}
