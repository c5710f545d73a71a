import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { type DeliveryListQuery, deliveryListQuerySchema } from '@tollbook/contract';
import { decodeId, encodeId, type IdKind } from '@tollbook/domain';
import type { ResendRefusal } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { toApiDelivery, toApiDeliveryDetail } from './delivery.mapping.js';
import { type WebhookParts, webhookParts } from './webhook-parts.js';

/** What was sent to a merchant's systems, and what they answered. */
@Controller('v1/deliveries')
export class DeliveriesController {
  constructor(@Inject(webhookParts) private readonly parts: WebhookParts) {}

  @Get()
  @Requires('webhooks:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(deliveryListQuerySchema)) query: DeliveryListQuery,
  ) {
    const filter = {
      webhookEndpointId: filterOf('webhookEndpoint', 'webhookEndpoint', query.webhookEndpoint),
      status: query.status ?? null,
      eventId: filterOf('event', 'event', query.event),
      intentId: filterOf('intent', 'payment', query.payment),
    };
    const after = query.after === undefined ? null : decodeId('delivery', query.after);
    if (query.after !== undefined && after === null) {
      throw new ProblemError('cursor_invalid', 'Take "after" from the nextCursor of an earlier answer.', {
        parameter: 'after',
      });
    }
    const rows = await this.parts.queries.deliveries(caller.bookId, filter, after, query.limit + 1);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page[page.length - 1] : undefined;
    return { data: page.map(toApiDelivery), nextCursor: last ? encodeId('delivery', last.deliveryId) : null };
  }

  @Get(':id')
  @Requires('webhooks:read')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    const deliveryId = decodeId('delivery', id);
    const detail = deliveryId === null ? null : await this.parts.queries.delivery(caller.bookId, deliveryId);
    if (!detail) throw refusalOf('unknown');
    return toApiDeliveryDetail(detail);
  }

  @Post(':id/resend')
  @HttpCode(202)
  @Requires('webhooks:write')
  async resend(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    const deliveryId = decodeId('delivery', id);
    if (deliveryId === null) throw refusalOf('unknown');
    const result = await this.parts.queries.resend(caller.bookId, deliveryId, caller);
    if (result.kind === 'refused') throw refusalOf(result.reason);
    return toApiDelivery(result.delivery);
  }
}

function filterOf(kind: IdKind, parameter: string, id: string | undefined): string | null {
  if (id === undefined) return null;
  const uuid = decodeId(kind, id);
  if (uuid === null) {
    throw new ProblemError('parameter_invalid', `The parameter "${parameter}" is not an id.`, { parameter });
  }
  return uuid;
}

function refusalOf(reason: ResendRefusal): ProblemError {
  switch (reason) {
    case 'unknown':
      return new ProblemError('not_found', 'No delivery has this id.');
    case 'disabled':
      return new ProblemError('webhook_endpoint_disabled', 'Enable the endpoint first: nothing is sent to it now.');
    case 'not_kept':
      return new ProblemError('event_not_kept', 'What the event said is kept for sixty days.');
  }
}
