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
  rateLimitChangeSchema,
  rateLimitListQuerySchema,
  rateLimitOverrideInputSchema,
  rateLimitOverrideListQuerySchema,
} from '@tollbook/contract';
import { decodeId, encodeId, type IdKind } from '@tollbook/domain';
import { type LimitedEndpoint, readRateLimits } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
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
    const after = query.after === undefined ? null : cursorOf('endpoint', query.after);
    const rows = await this.parts.rateLimitStore.endpoints(bookId, after, query.limit + 1);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page[page.length - 1] : undefined;
    return {
      data: await this.statuses(bookId, page),
      nextCursor: last ? encodeId('endpoint', last.endpointId) : null,
    };
  }

  @Get('overrides')
  @Requires('limits:read')
  async overrides(
    @CurrentCaller() { bookId }: Caller,
    @Query(new SchemaPipe(rateLimitOverrideListQuerySchema)) query: RateLimitOverrideListQuery,
  ): Promise<RateLimitOverrideList> {
    const after = query.after === undefined ? null : cursorOf('rateLimitOverride', query.after);
    const rows = await this.parts.rateLimitStore.overrides(bookId, after, query.limit + 1);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page[page.length - 1] : undefined;
    return {
      data: page.map((record) => toApiOverride(record, this.format)),
      nextCursor: last ? encodeId('rateLimitOverride', last.overrideId) : null,
    };
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
  async removeOverride(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    const overrideId = decodeId('rateLimitOverride', id);
    const isGone = overrideId && (await this.parts.rateLimitStore.removeOverride(caller.bookId, overrideId, caller));
    if (!isGone) throw new ProblemError('not_found', 'No exception from a limit has this id.');
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
    const endpointId = decodeId('endpoint', id);
    const at = endpointId && { bookId: caller.bookId, endpointId };
    const endpoint =
      at &&
      (await this.parts.rateLimitStore.changeLimits(
        at,
        (current) => fromApiRateLimits(limits, current),
        reason,
        caller,
      ));
    if (!endpoint) throw new ProblemError('not_found', 'No endpoint has this id.');
    return this.status(caller.bookId, endpoint);
  }

  private async endpoint(bookId: number, id: string): Promise<LimitedEndpoint> {
    const endpointId = decodeId('endpoint', id);
    const endpoint = endpointId && (await this.parts.rateLimitStore.endpoint(bookId, endpointId));
    if (!endpoint) throw new ProblemError('not_found', 'No endpoint has this id.');
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

function cursorOf(kind: IdKind, text: string): string {
  const uuid = decodeId(kind, text);
  if (uuid === null) throw new ProblemError('cursor_invalid', 'Take "after" from the nextCursor of an earlier answer.');
  return uuid;
}
