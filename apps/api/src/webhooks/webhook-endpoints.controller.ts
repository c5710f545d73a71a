import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  type ChangeWebhookEndpoint,
  type CreateWebhookEndpoint,
  changeWebhookEndpointSchema,
  createWebhookEndpointSchema,
  type RemovalQuery,
  type RotateWebhookSecret,
  removalQuerySchema,
  rotateWebhookSecretSchema,
  type WebhookEndpointListQuery,
  webhookEndpointListQuerySchema,
} from '@tollbook/contract';
import { decodeId, encodeId } from '@tollbook/domain';
import { addWebhookEndpoint, rotateWebhookSecret, sendTestWebhook, toWebhookEndpointView } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import { NewIds, type RequestIds } from '../idempotency/request-ids.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { vetWebhookUrl } from './vet-webhook-url.js';
import { toApiWebhookEndpointWithSecret } from './webhook-endpoint.mapping.js';
import { type WebhookParts, webhookParts } from './webhook-parts.js';

/** Where a merchant's systems are told. A secret stands in one answer: that which made it. */
@Controller('v1/webhook-endpoints')
export class WebhookEndpointsController {
  constructor(@Inject(webhookParts) private readonly parts: WebhookParts) {}

  @Post()
  @Requires('webhooks:write')
  async create(
    @CurrentCaller() caller: Caller,
    @NewIds() ids: RequestIds,
    @Body(new SchemaPipe(createWebhookEndpointSchema)) body: CreateWebhookEndpoint,
  ) {
    await vetWebhookUrl(this.parts, body.url);
    const endpoint = { ...body, webhookEndpointId: ids('webhookEndpoint') };
    return toApiWebhookEndpointWithSecret(await addWebhookEndpoint(this.parts, caller, endpoint, caller));
  }

  @Get()
  @Requires('webhooks:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(webhookEndpointListQuerySchema)) query: WebhookEndpointListQuery,
  ) {
    const after = query.after === undefined ? null : decodeId('webhookEndpoint', query.after);
    if (query.after !== undefined && after === null) {
      throw new ProblemError('cursor_invalid', 'Take "after" from the nextCursor of an earlier answer.', {
        parameter: 'after',
      });
    }
    const rows = await this.parts.store.endpoints(caller.bookId, after, query.limit + 1);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page[page.length - 1] : undefined;
    return {
      data: page.map(toWebhookEndpointView),
      nextCursor: last ? encodeId('webhookEndpoint', last.webhookEndpointId) : null,
    };
  }

  @Get(':id')
  @Requires('webhooks:read')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return toWebhookEndpointView(known(await this.parts.store.endpoint(caller.bookId, uuidOf(id))));
  }

  @Patch(':id')
  @Requires('webhooks:write')
  async change(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(new SchemaPipe(changeWebhookEndpointSchema)) { reason, ...changes }: ChangeWebhookEndpoint,
  ) {
    const change = changeOf(caller, id, reason);
    known(await this.parts.store.endpoint(caller.bookId, change.webhookEndpointId));
    if (changes.url !== undefined) await vetWebhookUrl(this.parts, changes.url);
    return toWebhookEndpointView(known(await this.parts.store.change(change, changes)));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('webhooks:write')
  async remove(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query(new SchemaPipe(removalQuerySchema)) { reason }: RemovalQuery,
  ): Promise<void> {
    known(await this.parts.store.remove(changeOf(caller, id, reason)));
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @Requires('webhooks:write')
  async rotate(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(new SchemaPipe(rotateWebhookSecretSchema)) { reason, overlapSeconds }: RotateWebhookSecret,
  ) {
    const change = changeOf(caller, id, reason);
    const rotated = await rotateWebhookSecret(this.parts, caller.merchantId, change, overlapSeconds);
    return toApiWebhookEndpointWithSecret(known(rotated));
  }

  @Post(':id/test')
  @HttpCode(202)
  @Requires('webhooks:write')
  async test(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    const added = await sendTestWebhook(this.parts, caller, uuidOf(id));
    if (added.kind === 'added') {
      return { eventId: encodeId('event', added.eventId), deliveryId: encodeId('delivery', added.deliveryId) };
    }
    if (added.reason === 'unknown') throw unknown();
    throw new ProblemError('webhook_endpoint_disabled', 'Enable the endpoint first: nothing is sent to it now.');
  }
}

function changeOf(caller: Caller, id: string, reason: string) {
  return { bookId: caller.bookId, webhookEndpointId: uuidOf(id), reason, by: caller };
}

function uuidOf(id: string): string {
  const uuid = decodeId('webhookEndpoint', id);
  if (uuid === null) throw unknown();
  return uuid;
}

function known<T>(found: T | null): T {
  if (found === null) throw unknown();
  return found;
}

function unknown(): ProblemError {
  return new ProblemError('not_found', 'No webhook endpoint has this id.');
}
