import { z } from 'zod';

/** What the built-in facilitator's key pays for gas on one network, and when it has too little left. */
export type GasSettings = {
  /** The most that a unit of gas may cost. */
  readonly feeMaxWei: bigint;
  /** Below this much of the network's own coin an alarm is raised. */
  readonly balanceMinWei: bigint;
};

const gwei = 10n ** 9n;
const coinDecimals = 18;

/**
 * Far above what each network asks on a busy day, and some thousand settlements' worth of coin (on Ethereum some
 * hundred). By CAIP-2.
 */
export const gasDefaults: Readonly<Record<string, GasSettings>> = {
  'eip155:8453': { feeMaxWei: 10n * gwei, balanceMinWei: coins('0.001') },
  'eip155:137': { feeMaxWei: 2_000n * gwei, balanceMinWei: coins('5') },
  'eip155:1': { feeMaxWei: 100n * gwei, balanceMinWei: coins('0.02') },
  'eip155:42161': { feeMaxWei: 10n * gwei, balanceMinWei: coins('0.002') },
  'eip155:43114': { feeMaxWei: 300n * gwei, balanceMinWei: coins('0.2') },
  'eip155:84532': { feeMaxWei: 1_000n * gwei, balanceMinWei: coins('0.001') },
};

/** `eip155:8453=5,eip155:137=1500`: a number of gwei for each network named. */
export const gasFees = perNetwork(/^[1-9]\d{0,8}$/, 'whole gwei', (text) => BigInt(text) * gwei);

/** `eip155:8453=0.002`: an amount of the network's own coin for each network named. */
export const gasBalances = perNetwork(/^\d{1,9}(\.\d{1,18})?$/, 'an amount of its coin', coins);

/** `network=value` pairs, separated by commas, for networks that Tollbook knows. */
export function perNetwork<T>(shape: RegExp, what: string, read: (text: string) => T) {
  return z.string().transform((text, context): Readonly<Record<string, T>> => {
    const pairs = text.split(',').map((pair) => pair.trim().split('='));
    const isRight = pairs.every(
      ([network, value, ...rest]) => rest.length === 0 && (network ?? '') in gasDefaults && shape.test(value ?? ''),
    );
    if (isRight) return Object.fromEntries(pairs.map(([network = '', value = '']) => [network, read(value)]));
    context.addIssue(`must name networks (${Object.keys(gasDefaults).join(', ')}), each with = and ${what}`);
    return z.NEVER;
  });
}

function coins(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(coinDecimals, '0'));
}

/** What `gasFees` and `gasBalances` read, written again. */
export function gasTexts(gas: Readonly<Record<string, GasSettings>>): {
  readonly fees: string;
  readonly balances: string;
} {
  const each = Object.entries(gas);
  return {
    fees: each.map(([network, { feeMaxWei }]) => `${network}=${feeMaxWei / gwei}`).join(','),
    balances: each.map(([network, { balanceMinWei }]) => `${network}=${coinText(balanceMinWei)}`).join(','),
  };
}

function coinText(wei: bigint): string {
  const digits = wei.toString().padStart(coinDecimals + 1, '0');
  const fraction = digits.slice(-coinDecimals).replace(/0+$/, '');
  return digits.slice(0, -coinDecimals) + (fraction === '' ? '' : `.${fraction}`);
}
