import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  type CancelPaymentIntent,
  type CreatePaymentIntent,
  cancelPaymentIntentSchema,
  createPaymentIntentSchema,
  type StoredIntent,
  type StoredIntentListQuery,
  storedIntentListQuerySchema,
} from '@tollbook/contract';
import { encodeId, invoiceIdText } from '@tollbook/domain';
import { cancelStoredIntent, createIntent, type StoredIntentRecord, toPaymentIntentView } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { afterId, notFound, pageOf, pathId } from '../cursor.js';
import { NewIds, type RequestIds, timeOfId } from '../idempotency/request-ids.js';
import { ProblemError } from '../problem.js';
import { refused } from '../refused.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';

/** What a merchant's backend asks to be paid, and what offers became once somebody tried to pay them. */
@Controller('v1/payment-intents')
export class PaymentIntentsController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get()
  @Requires('payments:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(storedIntentListQuerySchema)) query: StoredIntentListQuery,
  ) {
    const after = afterId('intent', query.after);
    const filter = { status: query.status ?? null, orderId: query.orderId ?? null, after };
    const rows = await this.parts.intents.list(caller.bookId, filter, query.limit + 1);
    const shown = (row: StoredIntentRecord) => this.shown(caller, row);
    return pageOf(rows, query.limit, shown, (row) => encodeId('intent', row.intentId));
  }

  @Get(':id')
  @Requires('payments:read')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    const intent = await this.parts.intents.intent(caller.bookId, pathId('intent', id, 'payment intent'));
    if (!intent) throw notFound('payment intent');
    return this.shown(caller, intent);
  }

  @Post()
  @Requires('payments:write')
  async create(
    @CurrentCaller() caller: Caller,
    @NewIds() ids: RequestIds,
    @Body(new SchemaPipe(createPaymentIntentSchema)) body: CreatePaymentIntent,
  ) {
    const uuid = ids('intent');
    const result = await createIntent(this.deps(), caller, {
      seed: { uuid, createdAtMs: timeOfId(uuid) },
      amount: body.amount,
      asset: body.asset,
      network: body.networks?.[0] ?? null,
      endpointId: body.endpointId === undefined ? null : pathId('endpoint', body.endpointId, 'endpoint'),
      orderId: body.orderId ?? null,
      description: body.description ?? null,
      metadata: body.metadata ?? null,
      expiresInSeconds: body.expiresInSeconds,
    });
    if (result.kind === 'refused') throw refused(result);
    return this.shown(caller, result.intent);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Requires('payments:write')
  async cancel(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(new SchemaPipe(cancelPaymentIntentSchema.prefault({}))) { reason }: CancelPaymentIntent,
  ) {
    const intentId = pathId('intent', id, 'payment intent');
    const result = await cancelStoredIntent(this.deps(), caller, { intentId, reason });
    if (result.kind === 'not_found') throw notFound('payment intent');
    if (result.kind === 'refused') {
      const { status } = result;
      const isUnderWay = status === 'processing' || status === 'unknown';
      const why = isUnderWay ? 'Money may be under way; only the chain ends that.' : 'It has ended.';
      throw new ProblemError('intent_not_cancelable', `The payment intent is ${status}. ${why}`);
    }
    return this.shown(caller, result.intent);
  }

  private deps() {
    const { intents, purchase, selling } = this.parts;
    const { crypto, currentSealKey } = purchase;
    return { intents, ...selling, crypto, currentSealKey };
  }

  private shown({ mode }: Caller, intent: StoredIntentRecord): StoredIntent {
    const { catalog, formatAddress, config } = this.parts;
    return {
      ...toPaymentIntentView(intent, { mode, catalog, formatAddress }),
      orderId: intent.orderId,
      description: intent.description,
      expiresAt: new Date(intent.expiresAtMs).toISOString(),
      paymentUrl: `${config.publicUrl}/pay/${invoiceIdText(intent.invoiceId)}`,
    };
  }
}
