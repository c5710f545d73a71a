import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  type AddAllowedPayers,
  type AddedPayers,
  type AllowedPayer,
  type AllowedPayerList,
  type AllowedPayerListQuery,
  type AllowedPayerRemoval,
  addAllowedPayersSchema,
  allowedPayerListQuerySchema,
  allowedPayerRemovalSchema,
} from '@tollbook/contract';
import { encodeId } from '@tollbook/domain';
import type { AllowedPayerRecord } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { afterId, notFound, pageOf, pathId } from '../cursor.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';

/** Lists of payers who alone may pay. Who may not, whatever the lists say, is blocked by an exception from limits. */
@Controller('v1/allowed-payers')
export class AllowedPayersController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get()
  @Requires('limits:read')
  async list(
    @CurrentCaller() { bookId }: Caller,
    @Query(new SchemaPipe(allowedPayerListQuerySchema)) query: AllowedPayerListQuery,
  ): Promise<AllowedPayerList> {
    const rows = await this.parts.allowedPayers.list(bookId, afterId('allowedPayer', query.after), query.limit + 1);
    const cursorOf = (row: AllowedPayerRecord) => encodeId('allowedPayer', row.allowedPayerId);
    return pageOf(rows, query.limit, (row) => this.shown(row), cursorOf);
  }

  @Post()
  @Requires('limits:write')
  async add(
    @CurrentCaller() caller: Caller,
    @Body(new SchemaPipe(addAllowedPayersSchema)) { endpointId, payers, note }: AddAllowedPayers,
  ): Promise<AddedPayers> {
    const added = {
      endpointId: endpointId === null ? null : pathId('endpoint', endpointId, 'endpoint'),
      payers: [...new Set(payers.map((payer) => payer.toLowerCase()))],
      note,
    };
    const records = await this.parts.allowedPayers.add(caller.bookId, added, caller);
    if (!records) throw new ProblemError('not_found', 'No endpoint has this id.', { parameter: 'endpointId' });
    return { data: records.map((record) => this.shown(record)) };
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('limits:write')
  async remove(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query(new SchemaPipe(allowedPayerRemovalSchema)) { reason, opens }: AllowedPayerRemoval,
  ): Promise<void> {
    const noun = 'payer on a list';
    const allowedPayerId = pathId('allowedPayer', id, noun);
    const which = { bookId: caller.bookId, allowedPayerId, opens: opens === 'true', reason };
    const result = await this.parts.allowedPayers.remove(which, caller);
    if (result === 'not_found') throw notFound(noun);
    if (result === 'last') {
      throw new ProblemError('allow_list_last', 'Without it anybody may pay. If that is meant, send "opens=true".');
    }
  }

  private shown({ allowedPayerId, endpointId, payer, note, createdAtMs }: AllowedPayerRecord): AllowedPayer {
    return {
      id: encodeId('allowedPayer', allowedPayerId),
      endpointId: endpointId === null ? null : encodeId('endpoint', endpointId),
      payer: this.parts.formatAddress('', payer),
      note,
      createdAt: new Date(createdAtMs).toISOString(),
    };
  }
}
