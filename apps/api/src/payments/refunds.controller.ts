import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  cancelRefundSchema,
  linkRefundSchema,
  type RecordRefund,
  type Refund,
  type RefundListQuery,
  recordRefundSchema,
  refundListQuerySchema,
} from '@tollbook/contract';
import { encodeId } from '@tollbook/domain';
import {
  cancelRefund,
  nameRefundTx,
  type RefundRecord,
  type RefundResult,
  recordRefund,
  toRefundView,
} from '@tollbook/usecases';
import type { z } from 'zod';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { afterId, notFound, pageOf, pathId } from '../cursor.js';
import { NewIds, type RequestIds } from '../idempotency/request-ids.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { parseAddress } from '../wallets/parse-address.js';

/** What merchants give back. Nothing here moves money: whoever holds the wallet's key sends it, and the chain tells. */
@Controller('v1/refunds')
export class RefundsController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get()
  @Requires('payments:read')
  async list(@CurrentCaller() caller: Caller, @Query(new SchemaPipe(refundListQuerySchema)) query: RefundListQuery) {
    const after = afterId('refund', query.after);
    const intentId = query.payment === undefined ? null : pathId('intent', query.payment, 'payment');
    const filter = { status: query.status ?? null, intentId };
    const rows = await this.parts.refunds.list(caller.bookId, filter, after, query.limit + 1);
    const shown = (row: RefundRecord) => toRefundView(row, this.parts);
    return pageOf(rows, query.limit, shown, (row) => encodeId('refund', row.refundId));
  }

  @Get(':id')
  @Requires('payments:read')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Refund> {
    const refund = await this.parts.refunds.refund(caller.bookId, pathId('refund', id, 'refund'));
    if (!refund) throw notFound('refund');
    return toRefundView(refund, this.parts);
  }

  @Post()
  @Requires('payments:write')
  async record(
    @CurrentCaller() caller: Caller,
    @NewIds() ids: RequestIds,
    @Body(new SchemaPipe(recordRefundSchema)) body: RecordRefund,
  ): Promise<Refund> {
    const input = {
      refundId: ids('refund'),
      intentId: pathId('intent', body.paymentId, 'payment'),
      amount: body.amount ?? null,
      to: body.to ?? null,
      txHash: body.txHash ?? null,
      reason: body.reason,
    };
    return this.shown(await recordRefund(this.deps(), caller, input), 'payment');
  }

  @Post(':id/link')
  @HttpCode(200)
  @Requires('payments:write')
  async link(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(new SchemaPipe(linkRefundSchema)) body: z.infer<typeof linkRefundSchema>,
  ): Promise<Refund> {
    const named = { refundId: pathId('refund', id, 'refund'), ...body };
    return this.shown(await nameRefundTx(this.deps(), caller, named), 'refund');
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Requires('payments:write')
  async cancel(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(new SchemaPipe(cancelRefundSchema)) body: z.infer<typeof cancelRefundSchema>,
  ): Promise<Refund> {
    const canceled = { refundId: pathId('refund', id, 'refund'), ...body };
    return this.shown(await cancelRefund(this.deps(), caller, canceled), 'refund');
  }

  private deps() {
    const { refunds, catalog, formatAddress, purchase } = this.parts;
    return { refunds, catalog, formatAddress, crypto: purchase.crypto, parseAddress };
  }

  private shown(result: RefundResult, noun: string): Refund {
    if (result.kind === 'not_found') throw notFound(noun);
    if (result.kind === 'refused') throw problemOf(result);
    return toRefundView(result.refund, this.parts);
  }
}

function problemOf({ reason, left }: Extract<RefundResult, { kind: 'refused' }>): ProblemError {
  switch (reason) {
    case 'refund_zero':
    case 'amount_invalid':
      return invalid('amount', 'is no amount of this token above zero, such as "0.01".');
    case 'recipient_invalid':
      return invalid('to', 'is no address of the network, or a wallet of your own.');
    case 'recipient_unknown':
      return invalid('to', 'must name who gets it: nobody is known to have paid.');
    case 'refund_over_received':
      return new ProblemError(reason, `At most ${left} of this payment can be given back.`, { parameter: 'amount' });
    case 'payment_not_final':
      return new ProblemError(reason, 'A reorg could still take the money back. Try again when it is final.');
    case 'refund_not_open':
      return new ProblemError(reason, 'Its transfer was seen, or it was canceled before.');
  }
}

function invalid(parameter: string, what: string): ProblemError {
  return new ProblemError('parameter_invalid', `The field "${parameter}" ${what}`, { parameter });
}
