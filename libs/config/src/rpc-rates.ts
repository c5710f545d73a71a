import { perNetwork } from './gas-settings.js';

/** Calls a second, for each node of a network in the order of its variable; the last one holds for the rest. */
export type RpcRates = readonly number[];

/** `eip155:8453=25/10`: what each node of each network named is asked a second, at most. */
export const rpcRates = perNetwork(
  /^[1-9]\d{0,5}(\/[1-9]\d{0,5})*$/,
  'calls a second, one number or one a node with / between them',
  (text): RpcRates => text.split('/').map(Number),
);

/** What `rpcRates` reads, written again. */
export function rpcRateText(rates: Readonly<Record<string, RpcRates>>): string {
  return Object.entries(rates)
    .map(([network, each]) => `${network}=${each.join('/')}`)
    .join(',');
}

/** What the node at a place may be asked a second; undefined for no limit. */
export function rpcRateOf(rates: RpcRates | undefined, at: number): number | undefined {
  return rates?.[Math.min(at, rates.length - 1)];
}
