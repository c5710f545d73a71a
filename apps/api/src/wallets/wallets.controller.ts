import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  type AssignWallet,
  assignWalletSchema,
  type CreateWallet,
  createWalletSchema,
  type Wallet,
  type WalletListQuery,
  walletListQuerySchema,
} from '@tollbook/contract';
import { encodeId } from '@tollbook/domain';
import { addWallet, assetOf, assignWallet, type WalletRecord } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { afterId, pageOf, pathId } from '../cursor.js';
import { NewIds, type RequestIds } from '../idempotency/request-ids.js';
import { refused } from '../refused.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { parseAddress } from './parse-address.js';

/** Where money arrives: addresses of one book, watched for ever. */
@Controller('v1/wallets')
export class WalletsController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get()
  @Requires('wallets:read')
  async list(@CurrentCaller() caller: Caller, @Query(new SchemaPipe(walletListQuerySchema)) query: WalletListQuery) {
    const filter = { network: query.network ?? null, after: afterId('wallet', query.after) };
    const rows = await this.parts.configuration.listWallets(caller.bookId, filter, query.limit + 1);
    const shown = (row: WalletRecord) => this.shown(caller, row);
    return pageOf(rows, query.limit, shown, (row) => encodeId('wallet', row.walletId));
  }

  @Post()
  @Requires('wallets:write')
  async add(
    @CurrentCaller() caller: Caller,
    @NewIds() ids: RequestIds,
    @Body(new SchemaPipe(createWalletSchema)) body: CreateWallet,
  ) {
    const { selling, readerOf } = this.parts;
    const startBlock = body.startBlock === undefined ? null : BigInt(body.startBlock);
    const input = { ...body, startBlock, walletId: ids('wallet') };
    const result = await addWallet({ ...selling, readerOf, parseAddress }, caller, input);
    if (result.kind === 'refused') throw refused(result);
    return this.shown(caller, result.wallet);
  }

  @Post(':id/assign')
  @HttpCode(200)
  @Requires('wallets:write')
  async assign(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(new SchemaPipe(assignWalletSchema)) { reason }: AssignWallet,
  ) {
    const result = await assignWallet(this.parts.selling, caller, { walletId: pathId('wallet', id, 'wallet'), reason });
    if (result.kind === 'refused') throw refused(result);
    return this.shown(caller, result.wallet);
  }

  private shown({ mode }: Caller, wallet: WalletRecord): Wallet {
    const { catalog, formatAddress } = this.parts;
    const { walletId, network, receivingSinceMs } = wallet;
    return {
      id: encodeId('wallet', walletId),
      mode,
      network,
      address: formatAddress(network, wallet.address),
      label: wallet.label,
      isReceiving: receivingSinceMs !== null,
      receivingSince: receivingSinceMs === null ? null : new Date(receivingSinceMs).toISOString(),
      assets: wallet.assets.map(({ assetId, watchFromBlock, unreadFromBlock, unreadToBlock }) => {
        const { symbol, contract } = assetOf(catalog, assetId);
        const unread =
          unreadFromBlock === null || unreadToBlock === null
            ? null
            : { from: Number(unreadFromBlock), to: Number(unreadToBlock) };
        return {
          asset: symbol,
          contract: formatAddress(network, contract),
          watchFromBlock: Number(watchFromBlock),
          unread,
        };
      }),
      createdAt: new Date(wallet.createdAtMs).toISOString(),
    };
  }
}
