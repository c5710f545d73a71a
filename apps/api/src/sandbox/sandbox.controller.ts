import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { playScenarioSchema, textSchema } from '@tollbook/contract';
import { parseDecimal } from '@tollbook/domain';
import { faucet, type SandboxState, type ScenarioStep } from '@tollbook/sandbox';
import { z } from 'zod';
import { PublicRoute } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { ScenarioPlayer } from './play-scenario.js';

const faucetSchema = z.strictObject({
  network: textSchema,
  address: textSchema,
  /** Decimal USDC, such as `"25"` or `"0.5"`. */
  amount: textSchema,
});

/** Play money and its keys. Absent where the sandbox is off. */
@PublicRoute()
@Controller('sandbox')
export class SandboxController {
  private readonly player: ScenarioPlayer;

  constructor(@Inject(apiParts) private readonly parts: ApiParts) {
    this.player = new ScenarioPlayer(parts);
  }

  @Get('info')
  info() {
    const { evm, buyer, merchant } = this.state();
    return {
      evm,
      solana: null,
      buyer: { evmPrivateKey: buyer.evmPrivateKey, solanaSecretKey: null },
      merchant: { evmAddress: merchant.evmAddress, solanaAddress: null },
    };
  }

  @Post('faucet')
  @HttpCode(200)
  async faucet(@Body() body: unknown) {
    // Where there is no sandbox, no body is wrong or right.
    const state = this.state();
    const request = new SchemaPipe(faucetSchema).transform(body, { type: 'body' });
    const amount = parseDecimal(request.amount, usdcDecimals);
    if (amount.kind === 'refused') throw refusal('amount', 'is decimal text with up to 6 places, such as "25"');
    const { network, address } = request;
    const answer = await faucet(state, { network, address, amountAtomic: amount.atomic });
    if (answer.kind === 'granted') return { network, address, amount: request.amount, txHash: answer.txHash };
    switch (answer.reason) {
      case 'network_unknown':
        throw new ProblemError('network_unknown', 'The sandbox has no such network.', { parameter: 'network' });
      case 'address_invalid':
        throw refusal('address', 'is not an address of this network');
      case 'amount_invalid':
        throw refusal('amount', 'lies between 0.000001 and 10000');
    }
  }

  /** Plays what may become of a payment with a buyer of its own, against the demo endpoint. */
  @Post('scenarios')
  @HttpCode(200)
  async scenario(@Body() body: unknown) {
    this.state();
    const { scenario, waits } = new SchemaPipe(playScenarioSchema).transform(body, { type: 'body' });
    const steps: ScenarioStep[] = [];
    let tellFirst = () => {};
    const first = new Promise<void>((resolve) => {
      tellFirst = resolve;
    });
    let payer = '';
    const played = this.player.play(scenario, {
      tellPayer: (address) => {
        payer = address;
      },
      tell: (step) => {
        steps.push(step);
        if (step.status !== null) tellFirst();
      },
    });
    // Whoever does not wait sees the rest where a merchant would: in the dashboard.
    if (waits) await played;
    else await Promise.race([first, played]);
    played.catch(this.parts.report);
    return { scenario, payer, steps };
  }

  private state(): SandboxState {
    const { sandbox } = this.parts;
    if (!sandbox) throw new ProblemError('not_found', 'The sandbox is off.');
    return sandbox;
  }
}

const usdcDecimals = 6;

function refusal(parameter: string, what: string): ProblemError {
  return new ProblemError('parameter_invalid', `"${parameter}" ${what}.`, { parameter });
}
