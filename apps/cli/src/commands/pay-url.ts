import { loadConfig } from '@tollbook/config';
import { parseDecimal } from '@tollbook/domain';
import { createEvmChainReader, createEvmRpc } from '@tollbook/evm';
import {
  type Answer,
  FAUCET_AMOUNT_ATOMIC_MAX,
  faucet,
  pay,
  readSandboxState,
  requestOffer,
  type SandboxState,
} from '@tollbook/sandbox';
import { CliError } from '../cli-error.js';
import { reasonOf } from '../explain-error.js';
import type { Command } from '../parse-command.js';
import type { Terminal } from '../terminal.js';
import { exchangeText } from './exchange-text.js';

const rpcTimeoutMs = 10_000;

/**
 * `tollbook pay <url>`: buys with the sandbox's buyer, topped up by the faucet when its balance is short, and prints
 * what went over the wire. 0 only when something was paid and answered with 2xx.
 */
export async function payUrl(command: Extract<Command, { kind: 'pay' }>, terminal: Terminal): Promise<number> {
  const { dataDir } = loadConfig();
  const state = readSandboxState(dataDir);
  if (state === null) {
    throw new CliError(
      `There is no sandbox in ${dataDir}, and its buyer is the only one this command pays from. ` +
        'Start Tollbook with the sandbox on, or set TOLLBOOK_DATA_DIR to the folder of the running one.',
    );
  }
  const { url, x402Version: version } = command;
  const offer = await answered(url, () => requestOffer({ url }));
  await topUp(state, offer, terminal);
  const exchange = await answered(url, () => pay({ url, version, privateKey: state.buyer.evmPrivateKey }));
  for (const line of exchangeText(exchange)) terminal.print(line);
  const isPaid = exchange.payment !== null && exchange.result.status >= 200 && exchange.result.status < 300;
  return isPaid ? 0 : 1;
}

async function answered<T>(url: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new CliError(
      `Nothing answers at ${url}: ${reasonOf(error instanceof Error ? (error.cause ?? error) : error)}`,
    );
  }
}

/** Gives the buyer what the offer asks for, where the offer is in the sandbox's own token. */
async function topUp(state: SandboxState, offer: Answer, terminal: Terminal): Promise<void> {
  const network = `eip155:${state.evm.chainId}`;
  const entry = offer.paymentRequired?.accepts.find((each) => each.network === network);
  if (entry === undefined || entry.asset.toLowerCase() !== state.evm.usdc.toLowerCase()) return;
  const asked = parseDecimal(entry.amount, 0);
  if (asked.kind !== 'ok') return;
  const balanceAtomic = await balanceOf(state, network);
  if (balanceAtomic >= asked.atomic) return;
  const missingAtomic = asked.atomic - balanceAtomic;
  const amountAtomic = missingAtomic * 10n < FAUCET_AMOUNT_ATOMIC_MAX ? missingAtomic * 10n : FAUCET_AMOUNT_ATOMIC_MAX;
  terminal.say(`The buyer's balance is short; the faucet adds to it.`);
  const answer = await faucet(state, { network, address: state.buyer.evmAddress, amountAtomic });
  if (answer.kind === 'refused') throw new CliError(`The faucet refused: ${answer.reason}.`);
}

async function balanceOf(state: SandboxState, network: string): Promise<bigint> {
  const rpc = createEvmRpc({ network, url: state.evm.rpcUrl, timeoutMs: rpcTimeoutMs });
  const reader = createEvmChainReader({ network, rpc });
  const { head } = await reader.head();
  return reader.balanceAt(state.evm.usdc, state.buyer.evmAddress, head.hash);
}
