import { Controller, Get, Inject, Query } from '@nestjs/common';
import { type TransferList, type TransferListQuery, transferListQuerySchema } from '@tollbook/contract';
import { encodeId } from '@tollbook/domain';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { cursorOf } from './cursor-of.js';
import { knownNetwork } from './known-network.js';
import { toApiListedTransfer } from './listed-transfer.mapping.js';

/** Money that our own indexer saw, whether a payment was found for it or not. */
@Controller('v1/transfers')
export class TransfersController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get()
  @Requires('payments:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(transferListQuerySchema)) query: TransferListQuery,
  ): Promise<TransferList> {
    const { catalog, formatAddress, queries } = this.parts;
    const after = query.after === undefined ? null : cursorOf('transfer', query.after);
    const isMatched = query.status === undefined ? null : query.status === 'matched';
    const filter = { isMatched, network: knownNetwork(catalog, query.network) };
    const rows = await queries.listTransfers(caller.bookId, filter, after, query.limit + 1);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page[page.length - 1] : undefined;
    return {
      data: page.map((transfer) => toApiListedTransfer(transfer, { catalog, formatAddress })),
      nextCursor: last ? encodeId('transfer', last.transferId) : null,
    };
  }
}
