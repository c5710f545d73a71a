import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicRoute } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { apiParts } from '../tokens.js';
import { readInvoice } from './invoice-view.js';
import { notFoundPage, payPage } from './pay-page.template.js';
import { wantsJson } from './wants-json.js';

/** Nothing but our own two files, and nowhere to go: the page's address is the buyer's secret. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** One invoice, for whoever holds its id: a page for people, JSON for programs that ask for it. Writes nothing. */
@PublicRoute()
@Controller('pay')
export class PayPageController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get(':invoiceId')
  async show(
    @Param('invoiceId') invoiceId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const isJson = wantsJson(request.headers.accept);
    void reply.headers({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      vary: 'accept',
    });
    const invoice = await readInvoice(this.parts, invoiceId);
    if (isJson) {
      if (!invoice) throw new ProblemError('not_found', 'No invoice has this id.');
      return invoice.view;
    }
    void reply.headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
    if (!invoice) {
      void reply.status(404);
      return notFoundPage();
    }
    return payPage(invoice.view, invoice.subject);
  }
}
