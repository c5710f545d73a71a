import { Controller, Get, Inject, Query } from '@nestjs/common';
import { type RefusalList, type RefusalListQuery, refusalListQuerySchema } from '@tollbook/contract';
import { decodeId, encodeId } from '@tollbook/domain';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { afterId, pageOf } from '../cursor.js';
import { periodOf } from '../reports/period-of.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { toApiRefusal } from './refusal.mapping.js';

/** Payments that were refused before anything was kept of them, as far as samples go. */
@Controller('v1/refusals')
export class RefusalsController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get()
  @Requires('payments:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(refusalListQuerySchema)) query: RefusalListQuery,
  ): Promise<RefusalList> {
    const { queries, formatAddress } = this.parts;
    const isCut = query.from !== undefined || query.to !== undefined;
    const filter = {
      payer: query.payer?.toLowerCase() ?? null,
      intentId: query.payment === undefined ? null : decodeId('intent', query.payment),
      endpointId: query.endpoint === undefined ? null : decodeId('endpoint', query.endpoint),
      reason: query.reason ?? null,
      client: query.client ?? null,
      made: isCut ? periodOf(query, caller) : null,
    };
    const after = afterId('refusal', query.after);
    const rows = await queries.listRefusals(caller.bookId, filter, after, query.limit + 1);
    return pageOf(
      rows,
      query.limit,
      (record) => toApiRefusal(record, formatAddress),
      (record) => encodeId('refusal', record.refusalId),
    );
  }
}
