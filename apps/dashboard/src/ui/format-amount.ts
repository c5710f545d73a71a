import { assetDecimals } from './asset-decimals.js';

const fractionDigitsMin = 2;
const compactFrom = 1_000_000n;

export interface AmountOptions {
  /** Show at least so many decimals, so that a column lines up. */
  fractionDigits?: number;
  /** Totals above a million are shortened; the exact value belongs beside it on hover. */
  isCompact?: boolean;
}

/**
 * The number of an amount, without its asset: two decimals, more only when needed, never rounded. Takes atomic text,
 * negative too; an asset that is not known here stays in atomic units.
 */
export function formatAmount(amountAtomic: string, asset: string, options: AmountOptions = {}): string {
  const decimals = assetDecimals(asset);
  const atomic = BigInt(amountAtomic);
  if (decimals === null) return `${grouped(atomic)} atomic`;
  const unit = 10n ** BigInt(decimals);
  const magnitude = atomic < 0n ? -atomic : atomic;
  const sign = atomic < 0n ? '−' : '';
  const whole = magnitude / unit;
  if (options.isCompact && whole >= compactFrom) return sign + compact(whole);
  const exact = (magnitude % unit).toString().padStart(decimals, '0').replace(/0+$/, '');
  const fraction = exact.padEnd(Math.max(fractionDigitsMin, options.fractionDigits ?? 0), '0');
  return `${sign}${grouped(whole)}.${fraction}`;
}

/** How many decimals the longest of these amounts needs. */
export function fractionDigitsOf(amounts: readonly { amountAtomic: string; asset: string }[]): number {
  let digits = fractionDigitsMin;
  for (const { amountAtomic, asset } of amounts) {
    const [, fraction = ''] = formatAmount(amountAtomic, asset).split('.');
    digits = Math.max(digits, fraction.length);
  }
  return digits;
}

function grouped(whole: bigint): string {
  return new Intl.NumberFormat('en-US').format(whole);
}

/** Cut, not rounded: a total never reads higher than it is. */
function compact(whole: bigint): string {
  const [unit, letter] = whole >= 1_000_000_000n ? [1_000_000_000n, 'B'] : [1_000_000n, 'M'];
  const hundredths = (whole * 100n) / unit;
  return `${grouped(hundredths / 100n)}.${(hundredths % 100n).toString().padStart(2, '0')}${letter}`;
}
