import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { type PaymentIntentListQuery, paymentIntentListQuerySchema } from '@tollbook/contract';
import { decodeId, encodeId, searchKey } from '@tollbook/domain';
import type { PaymentFilter } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { periodOf } from '../reports/period-of.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { cursorOf } from './cursor-of.js';
import { flagsOf } from './flags-of.js';
import { knownNetwork } from './known-network.js';
import { toApiPayment, toApiPaymentDetail } from './payment-detail.mapping.js';

/** Payments: found, listed, and each with everything that happened around it. */
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
    const filter = this.filterOf(query, caller);
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

  private filterOf(query: PaymentIntentListQuery, caller: Caller): PaymentFilter {
    const endpointId = query.endpoint === undefined ? null : decodeId('endpoint', query.endpoint);
    if (query.endpoint !== undefined && endpointId === null) {
      throw new ProblemError('parameter_invalid', 'The parameter "endpoint" is not an id.', { parameter: 'endpoint' });
    }
    const isCut = query.from !== undefined || query.to !== undefined;
    return {
      status: query.status === undefined ? [] : [query.status].flat(),
      flags: flagsOf(query.flag),
      reason: query.reason ?? null,
      network: knownNetwork(this.parts.catalog, query.network),
      endpointId,
      payer: query.payer?.toLowerCase() ?? null,
      found: query.q === undefined ? null : searchKey(query.q),
      made: isCut ? periodOf(query, caller) : null,
    };
  }

  private context({ mode }: Caller) {
    const { catalog, formatAddress } = this.parts;
    return { mode, catalog, formatAddress };
  }
}
