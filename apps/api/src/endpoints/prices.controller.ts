import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  type CreatePriceVersion,
  createPriceVersionSchema,
  type PreviewEndpoint,
  type PreviewPrice,
  type PriceVersionListQuery,
  previewEndpointSchema,
  previewPriceSchema,
  priceVersionListQuerySchema,
} from '@tollbook/contract';
import {
  amountsOf,
  changePrice,
  compileTerms,
  draftTerms,
  type PriceAmounts,
  priceAmounts,
  vetEndpoint,
} from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { afterNumber, notFound, pageOf, pathId } from '../cursor.js';
import { NewIds, type RequestIds } from '../idempotency/request-ids.js';
import { ProblemError } from '../problem.js';
import { refused } from '../refused.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { toApiPriceVersion } from './endpoint.mapping.js';
import { type OfferDraft, previewOffer } from './preview-offer.js';

/** What endpoints ask, since when, and what a draft would be offered as. */
@Controller('v1/endpoints')
export class PricesController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get(':id/prices')
  @Requires('endpoints:read')
  async history(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query(new SchemaPipe(priceVersionListQuerySchema)) query: PriceVersionListQuery,
  ) {
    const { configuration, catalog, snapshot } = this.parts;
    const { endpointId } = await this.find(caller, id);
    const rows = await configuration.listPrices(caller.bookId, endpointId, afterNumber(query.after), query.limit + 1);
    const context = { catalog, nowMs: snapshot.nowMs() };
    const shown = (row: (typeof rows)[number]) => toApiPriceVersion(row, context);
    return pageOf(rows, query.limit, shown, (row) => String(row.versionNo));
  }

  @Post(':id/prices')
  @Requires('endpoints:write')
  async change(
    @CurrentCaller() caller: Caller,
    @NewIds() ids: RequestIds,
    @Param('id') id: string,
    @Body(new SchemaPipe(createPriceVersionSchema)) body: CreatePriceVersion,
  ) {
    const { selling, catalog, snapshot } = this.parts;
    const result = await changePrice(selling, caller, {
      priceVersionId: ids('priceVersion'),
      endpointId: pathId('endpoint', id, 'endpoint'),
      amount: body.amount,
      asset: body.asset ?? null,
      networks: body.networks ?? null,
      isFree: body.free === true,
      reason: body.reason,
      effectiveFromMs: body.effectiveFrom === undefined ? null : Date.parse(body.effectiveFrom),
    });
    if (result.kind === 'refused') throw refused(result);
    return toApiPriceVersion(result.price, { catalog, nowMs: snapshot.nowMs() });
  }

  /** An endpoint that is not there yet. Writes nothing, so reading is enough. */
  @Post('preview')
  @HttpCode(200)
  @Requires('endpoints:read')
  async previewNew(
    @CurrentCaller() caller: Caller,
    @Body(new SchemaPipe(previewEndpointSchema)) { method, path, description, price, networks }: PreviewEndpoint,
  ) {
    const refusal = await vetEndpoint(this.parts.selling, { pattern: { method, path } });
    if (refusal) throw refused(refusal);
    const amounts = priceAmounts(this.parts.catalog, caller.mode, {
      amount: price.amount,
      asset: price.asset,
      isFree: price.free === true,
      networks,
      parameters: { amount: 'price.amount', asset: 'price.asset', free: 'price.free' },
    });
    if (amounts.kind === 'refused') throw refused(amounts);
    const ids = { endpointId: draftId, priceVersionId: draftId };
    const settings = { settleMode: 'after', timeoutMs: 30_000 } as const;
    return this.preview(caller, { method, path, description }, settings, ids, amounts);
  }

  /** Another price for an endpoint that is there. */
  @Post(':id/preview')
  @HttpCode(200)
  @Requires('endpoints:read')
  async previewPrice(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(new SchemaPipe(previewPriceSchema)) body: PreviewPrice,
  ) {
    const endpoint = await this.find(caller, id);
    const { amount, asset = null, networks = null } = body;
    const written = { amount, asset, networks, isFree: body.free === true };
    const amounts = amountsOf(this.parts, endpoint, written, caller.mode, this.parts.snapshot.nowMs());
    if (amounts.kind === 'refused') throw refused(amounts);
    const ids = { endpointId: endpoint.endpointId, priceVersionId: draftId };
    return this.preview(caller, endpoint, endpoint, ids, amounts);
  }

  private async preview(
    caller: Caller,
    shown: Pick<OfferDraft, 'method' | 'path' | 'description'>,
    settings: Parameters<typeof compileTerms>[1],
    ids: Parameters<typeof draftTerms>[1],
    { amounts }: PriceAmounts,
  ) {
    const { selling, configuration, snapshot } = this.parts;
    const compiled = compileTerms(selling, settings, amounts, await configuration.receivers(caller.bookId));
    if (compiled.kind === 'refused') throw refused(compiled);
    const terms = draftTerms(caller, ids, compiled, snapshot.nowMs());
    const { method, path, description } = shown;
    if (!selling.fitsHeader({ terms, gateSlug: caller.gateSlug, path, description })) {
      throw new ProblemError('challenge_too_large', 'The offer is too long for a header.', {
        parameter: 'description',
      });
    }
    const book = snapshot.bookOf(caller.gateSlug)?.book;
    if (!book) throw new ProblemError('store_unavailable', 'The book is not known here yet; try again.');
    return previewOffer(this.parts, { book, terms, method, path, description });
  }

  private async find(caller: Caller, id: string) {
    const endpointId = pathId('endpoint', id, 'endpoint');
    const endpoint = await this.parts.configuration.endpoint(caller.bookId, endpointId);
    if (!endpoint) throw notFound('endpoint');
    return endpoint;
  }
}

/** No row has this id; an offer does not show it. */
const draftId = '00000000-0000-7000-8000-000000000000';
