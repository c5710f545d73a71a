import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  type ChangeEndpoint,
  type CreateEndpoint,
  changeEndpointSchema,
  createEndpointSchema,
  type EndpointListQuery,
  endpointListQuerySchema,
  type RemovalQuery,
  removalQuerySchema,
} from '@tollbook/contract';
import { changedCaps, encodeId, localDay, noEndpointCaps } from '@tollbook/domain';
import { archiveEndpoint, changeEndpoint, createEndpoint, type EndpointRecord } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { afterId, notFound, pageOf, pathId } from '../cursor.js';
import { NewIds, type RequestIds } from '../idempotency/request-ids.js';
import { fromApiRateLimits } from '../rate-limits/rate-limits.mapping.js';
import { refused } from '../refused.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { type EndpointContext, fromApiCaps, toApiEndpoint } from './endpoint.mapping.js';

/** What is sold, one book a caller. */
@Controller('v1/endpoints')
export class EndpointsController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get()
  @Requires('endpoints:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(endpointListQuerySchema)) query: EndpointListQuery,
  ) {
    const filter = { state: query.state ?? null, after: afterId('endpoint', query.after) };
    const rows = await this.parts.configuration.listEndpoints(caller.bookId, filter, query.limit + 1);
    const context = await this.context(caller, rows);
    const shown = (row: (typeof rows)[number]) => toApiEndpoint(row, context);
    return pageOf(rows, query.limit, shown, (row) => encodeId('endpoint', row.endpointId));
  }

  @Get(':id')
  @Requires('endpoints:read')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    const endpointId = pathId('endpoint', id, 'endpoint');
    const endpoint = await this.parts.configuration.endpoint(caller.bookId, endpointId);
    if (!endpoint) throw notFound('endpoint');
    return toApiEndpoint(endpoint, await this.context(caller, [endpoint]));
  }

  @Post()
  @Requires('endpoints:write')
  async create(
    @CurrentCaller() caller: Caller,
    @NewIds() ids: RequestIds,
    @Body(new SchemaPipe(createEndpointSchema)) body: CreateEndpoint,
  ) {
    const { price, networks, rateLimit, paymentIdentifier, ...rest } = body;
    const result = await createEndpoint(this.parts.selling, caller, {
      ...rest,
      endpointId: ids('endpoint'),
      priceVersionId: ids('priceVersion'),
      requiresIdentifier: paymentIdentifier === 'required',
      caps: changedCaps(noEndpointCaps, fromApiCaps(body)),
      limits: fromApiRateLimits(rateLimit ?? {}, { paid: null, unpaid: null }),
      price: {
        amount: price.amount,
        asset: price.asset,
        isFree: price.free === true,
        networks,
        parameters: { amount: 'price.amount', asset: 'price.asset', free: 'price.free' },
      },
    });
    if (result.kind === 'refused') throw refused(result);
    return toApiEndpoint(result.endpoint, await this.context(caller, [result.endpoint]));
  }

  @Patch(':id')
  @Requires('endpoints:write')
  async change(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(new SchemaPipe(changeEndpointSchema)) body: ChangeEndpoint,
  ) {
    const endpointId = pathId('endpoint', id, 'endpoint');
    const { paymentIdentifier, ...rest } = body;
    const requiresIdentifier = paymentIdentifier && paymentIdentifier === 'required';
    const result = await changeEndpoint(this.parts.selling, caller, {
      ...rest,
      requiresIdentifier,
      caps: fromApiCaps(body),
      endpointId,
    });
    if (result.kind === 'refused') throw refused(result);
    return toApiEndpoint(result.endpoint, await this.context(caller, [result.endpoint]));
  }

  /** Sells it no more; asked again, it answers the same. */
  @Delete(':id')
  @Requires('endpoints:write')
  async archive(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query(new SchemaPipe(removalQuerySchema)) { reason }: RemovalQuery,
  ) {
    const endpointId = pathId('endpoint', id, 'endpoint');
    const result = await archiveEndpoint(this.parts.selling, caller, { endpointId, reason });
    if (result.kind === 'refused') throw refused(result);
    return toApiEndpoint(result.endpoint, await this.context(caller, [result.endpoint]));
  }

  private async context(caller: Caller, shown: readonly EndpointRecord[]): Promise<EndpointContext> {
    const { catalog, config, snapshot, configuration } = this.parts;
    const nowMs = snapshot.nowMs();
    const sinceDay = localDay(Math.floor((nowMs - sixDaysMs) / 1000), caller.timeZone);
    const ids = shown.map(({ endpointId }) => endpointId);
    const takings = await configuration.takings(caller.bookId, ids, sinceDay);
    return { caller, catalog, publicUrl: config.publicUrl, nowMs, takings };
  }
}

/** With the running day that makes seven. */
const sixDaysMs = 6 * 86_400_000;
