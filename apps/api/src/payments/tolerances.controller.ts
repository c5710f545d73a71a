import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import { type SetTolerance, setToleranceSchema } from '@tollbook/contract';
import { formatDecimal } from '@tollbook/domain';
import { assetOf, readTolerances, setTolerance } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';

/** How small a difference opens nothing, asset by asset. */
@Controller('v1/tolerances')
export class TolerancesController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get()
  @Requires('payments:read')
  async list(@CurrentCaller() caller: Caller) {
    const { catalog } = this.parts;
    const tolerances = await readTolerances(this.parts, caller);
    return {
      data: tolerances.map(({ assetId, amountAtomic }) => {
        const { network, symbol, decimals } = assetOf(catalog, assetId);
        return {
          network,
          asset: symbol,
          amount: formatDecimal(amountAtomic, decimals),
          amountAtomic: amountAtomic.toString(),
        };
      }),
    };
  }

  @Put()
  @Requires('payments:write')
  async set(@CurrentCaller() caller: Caller, @Body(new SchemaPipe(setToleranceSchema)) body: SetTolerance) {
    const { catalog } = this.parts;
    const network = catalog.networks.find((each) => each.network === body.network && each.mode === caller.mode);
    const asset = catalog.assets.find((each) => each.network === network?.network && each.symbol === body.asset);
    if (!asset) {
      throw new ProblemError('parameter_invalid', 'No asset of this book has this name on this network.', {
        parameter: 'asset',
      });
    }
    const tolerance = { assetId: asset.assetId, amountAtomic: BigInt(body.amountAtomic), reason: body.reason };
    if (!(await setTolerance(this.parts, caller.bookId, tolerance, caller))) {
      throw new ProblemError('parameter_invalid', 'The field "amountAtomic" is more than one whole token.', {
        parameter: 'amountAtomic',
      });
    }
    return this.list(caller);
  }
}
