import { Controller, Get, Inject, Param, Query, UseGuards } from '@nestjs/common';
import {
  type DiscrepancyListQuery,
  discrepancyListQuerySchema,
  type PaymentIntentListQuery,
  paymentIntentListQuerySchema,
} from '@tollbook/contract';
import { decodeId, encodeId, type IdKind } from '@tollbook/domain';
import { ApiKeyGuard, CurrentBook } from '../accounts/api-key.guard.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { toApiDiscrepancy, toApiPayment, toApiPaymentDetail } from './payment-detail.mapping.js';

/** Payments and what does not add up about them, one book a key. */
@Controller('v1')
@UseGuards(ApiKeyGuard)
export class PaymentsController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get('payments')
  async list(
    @CurrentBook() bookId: number,
    @Query(new SchemaPipe(paymentIntentListQuerySchema)) query: PaymentIntentListQuery,
  ) {
    const after = query.after === undefined ? null : cursorOf('intent', query.after);
    const status = query.status === undefined ? [] : [query.status].flat();
    const filter = { status, network: null, endpointId: null, payer: null };
    const rows = await this.parts.queries.listPayments(bookId, filter, after, query.limit + 1);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page[page.length - 1] : undefined;
    const context = this.context(bookId);
    return {
      data: page.map((intent) => toApiPayment(intent, context)),
      nextCursor: last ? encodeId('intent', last.intentId) : null,
    };
  }

  @Get('payments/:id')
  async one(@CurrentBook() bookId: number, @Param('id') id: string) {
    const intentId = decodeId('intent', id);
    const detail = intentId === null ? null : await this.parts.queries.payment(bookId, intentId);
    if (!detail) throw new ProblemError('not_found', 'No payment has this id.');
    return toApiPaymentDetail(detail, this.context(bookId));
  }

  @Get('discrepancies')
  async discrepancies(
    @CurrentBook() bookId: number,
    @Query(new SchemaPipe(discrepancyListQuerySchema)) query: DiscrepancyListQuery,
  ) {
    const after = query.after === undefined ? null : cursorOf('discrepancy', query.after);
    const isOpen = query.status === undefined ? null : query.status === 'open';
    const filter = { isOpen, kind: query.kind ?? null };
    const rows = await this.parts.queries.listDiscrepancies(bookId, filter, after, query.limit + 1);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page[page.length - 1] : undefined;
    return {
      data: page.map((record) => toApiDiscrepancy(record, this.parts.catalog)),
      nextCursor: last ? encodeId('discrepancy', last.discrepancyId) : null,
    };
  }

  private context(bookId: number) {
    const { catalog, formatAddress, snapshot } = this.parts;
    const mode = snapshot.books().find(({ book }) => book.bookId === bookId)?.book.mode;
    if (mode === undefined) throw new ProblemError('store_unavailable', 'The book is not known here yet; try again.');
    return { mode, catalog, formatAddress };
  }
}

function cursorOf(kind: IdKind, text: string): string {
  const uuid = decodeId(kind, text);
  if (uuid === null) throw new ProblemError('cursor_invalid', 'Take "after" from the nextCursor of an earlier answer.');
  return uuid;
}
