import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { intentIdOfInvoice, invoiceIdBytes, readInvoiceId } from '@tollbook/domain';
import { invoiceTerms } from '@tollbook/usecases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicRoute } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { apiParts } from '../tokens.js';
import { type PayableIntent, payStoredIntent } from './pay-stored-intent.js';

/** Where programs pay a stored intent: its own URL speaks x402. */
@PublicRoute()
@Controller('pay')
export class PayIntentController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get(':invoiceId/x402')
  async pay(@Param('invoiceId') invoiceId: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const payable = await this.find(invoiceId);
    if (!payable) throw new ProblemError('not_found', 'No stored invoice has this id.');
    reply.hijack();
    await this.parts.lastRequests.follow(payStoredIntent(this.parts, payable, request.raw, reply.raw));
  }

  private async find(invoiceId: string): Promise<PayableIntent | null> {
    const { snapshot, purchase, intents } = this.parts;
    const bytes = invoiceIdBytes(invoiceId);
    const reading = readInvoiceId(bytes, (keyId) => snapshot.sealKeyOf(keyId), purchase.crypto.hmacSha256);
    if (bytes === null || reading.kind === 'refused' || !reading.fields.isStored) return null;
    const bookId = Number(reading.fields.reference);
    const book = snapshot.books().find((each) => each.book.bookId === bookId)?.book;
    const terms = await invoiceTerms(this.parts, bytes, reading.fields);
    const intent = await intents.intent(bookId, intentIdOfInvoice(bytes, purchase.crypto.sha256));
    if (!book || !terms || !intent) return null;
    return { book, intent, terms, issuedAtUnixSeconds: reading.fields.issuedAtUnixSeconds };
  }
}
