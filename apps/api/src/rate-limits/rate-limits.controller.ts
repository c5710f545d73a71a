import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  type RateLimitChange,
  type RateLimitList,
  type RateLimitListQuery,
  type RateLimitOverride,
  type RateLimitOverrideInput,
  type RateLimitOverrideList,
  type RateLimitOverrideListQuery,
  type RateLimitStatus,
  type RemovalQuery,
  rateLimitChangeSchema,
  rateLimitListQuerySchema,
  rateLimitOverrideInputSchema,
  rateLimitOverrideListQuerySchema,
  removalQuerySchema,
} from '@tollbook/contract';
import { encodeId, type RateLimits } from '@tollbook/domain';
import { type LimitedEndpoint, readRateLimits } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { afterId, notFound, pageOf, pathId } from '../cursor.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { fromApiOverride, fromApiRateLimits, toApiOverride, toApiRateLimit } from './rate-limits.mapping.js';

/** Who is held back, by which limits, and who is excepted. */
@Controller('v1/rate-limits')
export class RateLimitsController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get()
  @Requires('limits:read')
  async list(
    @CurrentCaller() { bookId }: Caller,
    @Query(new SchemaPipe(rateLimitListQuerySchema)) query: RateLimitListQuery,
  ): Promise<RateLimitList> {
    if (query.endpointId !== undefined) {
      const endpoint = await this.endpoint(bookId, query.endpointId);
      return { data: [await this.status(bookId, endpoint)], nextCursor: null };
    }
    const after = afterId('endpoint', query.after);
    const rows = await this.parts.rateLimitStore.endpoints(bookId, after, query.limit + 1);
    const { data, nextCursor } = pageOf(
      rows,
      query.limit,
      (row) => row,
      (row) => encodeId('endpoint', row.endpointId),
    );
    return { data: await this.statuses(bookId, data), nextCursor };
  }

  @Get('overrides')
  @Requires('limits:read')
  async overrides(
    @CurrentCaller() { bookId }: Caller,
    @Query(new SchemaPipe(rateLimitOverrideListQuerySchema)) query: RateLimitOverrideListQuery,
  ): Promise<RateLimitOverrideList> {
    const after = afterId('rateLimitOverride', query.after);
    const rows = await this.parts.rateLimitStore.overrides(bookId, after, query.limit + 1);
    return pageOf(
      rows,
      query.limit,
      (record) => toApiOverride(record, this.format),
      (record) => encodeId('rateLimitOverride', record.overrideId),
    );
  }

  @Post('overrides')
  @Requires('limits:write')
  async setOverride(
    @CurrentCaller() caller: Caller,
    @Body(new SchemaPipe(rateLimitOverrideInputSchema)) input: RateLimitOverrideInput,
  ): Promise<RateLimitOverride> {
    const { rateLimitStore, clientNetKey, snapshot } = this.parts;
    const override = fromApiOverride(input, clientNetKey, snapshot.nowMs());
    const record = await rateLimitStore.setOverride(caller.bookId, override, caller);
    if (!record) throw new ProblemError('not_found', 'No endpoint has this id.', { parameter: 'endpointId' });
    return toApiOverride(record, this.format);
  }

  @Delete('overrides/:id')
  @HttpCode(204)
  @Requires('limits:write')
  async removeOverride(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query(new SchemaPipe(removalQuerySchema)) { reason }: RemovalQuery,
  ): Promise<void> {
    const overrideId = pathId('rateLimitOverride', id, 'exception from a limit');
    const isGone = await this.parts.rateLimitStore.removeOverride(
      { bookId: caller.bookId, overrideId, reason },
      caller,
    );
    if (!isGone) throw notFound('exception from a limit');
  }

  @Get(':endpointId')
  @Requires('limits:read')
  async one(@CurrentCaller() { bookId }: Caller, @Param('endpointId') id: string): Promise<RateLimitStatus> {
    return this.status(bookId, await this.endpoint(bookId, id));
  }

  @Patch(':endpointId')
  @Requires('limits:write')
  async change(
    @CurrentCaller() caller: Caller,
    @Param('endpointId') id: string,
    @Body(new SchemaPipe(rateLimitChangeSchema)) change: RateLimitChange,
  ): Promise<RateLimitStatus> {
    const { reason, ...limits } = change;
    const at = { bookId: caller.bookId, endpointId: pathId('endpoint', id, 'endpoint') };
    const changed = (current: RateLimits) => fromApiRateLimits(limits, current);
    const endpoint = await this.parts.rateLimitStore.changeLimits(at, changed, reason, caller);
    if (!endpoint) throw notFound('endpoint');
    return this.status(caller.bookId, endpoint);
  }

  private async endpoint(bookId: number, id: string): Promise<LimitedEndpoint> {
    const endpoint = await this.parts.rateLimitStore.endpoint(bookId, pathId('endpoint', id, 'endpoint'));
    if (!endpoint) throw notFound('endpoint');
    return endpoint;
  }

  private async status(bookId: number, endpoint: LimitedEndpoint): Promise<RateLimitStatus> {
    const [status] = await this.statuses(bookId, [endpoint]);
    if (!status) throw new Error('an endpoint that was read has a status');
    return status;
  }

  private async statuses(bookId: number, endpoints: readonly LimitedEndpoint[]): Promise<RateLimitStatus[]> {
    const { rateLimitStore: store, payerLimiter, snapshot, rateCounts } = this.parts;
    // What this process counted is told at once, what others counted within seconds.
    await rateCounts.write();
    const views = await readRateLimits({ store, payerLimiter, nowMs: () => snapshot.nowMs() }, bookId, endpoints);
    return views.map((view) => toApiRateLimit(view, this.format));
  }

  /** Hashes of addresses stay what they are. */
  private readonly format = (subject: string): string =>
    subject.startsWith('0x') ? this.parts.formatAddress('', subject) : subject;
}
