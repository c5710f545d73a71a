import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import {
  type DiscrepancyListQuery,
  discrepancyListQuerySchema,
  type PaymentIntentListQuery,
  paymentIntentListQuerySchema,
} from '@tollbook/contract';
import { decodeId, encodeId, type IdKind } from '@tollbook/domain';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { toApiDiscrepancy, toApiPayment, toApiPaymentDetail } from './payment-detail.mapping.js';

/** Payments and what does not add up about them, one book a key. */
@Controller('v1')
export class PaymentsController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get('payments')
  @Requires('payments:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(paymentIntentListQuerySchema)) query: PaymentIntentListQuery,
  ) {
    const after = query.after === undefined ? null : cursorOf('intent', query.after);
    const status = query.status === undefined ? [] : [query.status].flat();
    const filter = { status, network: null, endpointId: null, payer: null };
    const rows = await this.parts.queries.listPayments(caller.bookId, filter, after, query.limit + 1);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page[page.length - 1] : undefined;
    const context = this.context(caller);
    return {
      data: page.map((intent) => toApiPayment(intent, context)),
      nextCursor: last ? encodeId('intent', last.intentId) : null,
    };
  }

  @Get('payments/:id')
  @Requires('payments:read')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    const intentId = decodeId('intent', id);
    const detail = intentId === null ? null : await this.parts.queries.payment(caller.bookId, intentId);
    if (!detail) throw new ProblemError('not_found', 'No payment has this id.');
    return toApiPaymentDetail(detail, this.context(caller));
  }

  @Get('discrepancies')
  @Requires('payments:read')
  async discrepancies(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(discrepancyListQuerySchema)) query: DiscrepancyListQuery,
  ) {
    const after = query.after === undefined ? null : cursorOf('discrepancy', query.after);
    const isOpen = query.status === undefined ? null : query.status === 'open';
    const filter = { isOpen, kind: query.kind ?? null };
    const rows = await this.parts.queries.listDiscrepancies(caller.bookId, filter, after, query.limit + 1);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page[page.length - 1] : undefined;
    return {
      data: page.map((record) => toApiDiscrepancy(record, this.parts.catalog)),
      nextCursor: last ? encodeId('discrepancy', last.discrepancyId) : null,
    };
  }

  private context({ mode }: Caller) {
    const { catalog, formatAddress } = this.parts;
    return { mode, catalog, formatAddress };
  }
}

function cursorOf(kind: IdKind, text: string): string {
  const uuid = decodeId(kind, text);
  if (uuid === null) throw new ProblemError('cursor_invalid', 'Take "after" from the nextCursor of an earlier answer.');
  return uuid;
}
