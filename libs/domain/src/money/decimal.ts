import { assert } from '../assert.js';
import { amountAtomicMax } from './amount.js';

export type DecimalRefusal = 'decimal_malformed' | 'decimal_too_precise' | 'decimal_too_large';
export type DecimalResult =
  | { readonly kind: 'ok'; readonly atomic: bigint }
  | { readonly kind: 'refused'; readonly reason: DecimalRefusal };

const decimalPattern = /^(0|[1-9][0-9]{0,77})(?:\.([0-9]{1,77}))?$/;

/**
 * Atomic units of a decimal text such as `0.01`. Refuses signs, exponents, leading zeros and spaces, and text with
 * more digits than the asset has, so that no price is ever rounded.
 */
export function parseDecimal(text: string, decimals: number): DecimalResult {
  const match = decimalPattern.exec(text);
  if (!match) return { kind: 'refused', reason: 'decimal_malformed' };
  const [, whole = '0', fraction = ''] = match;
  if (fraction.length > decimals) return { kind: 'refused', reason: 'decimal_too_precise' };
  const atomic = BigInt(whole + fraction.padEnd(decimals, '0'));
  return atomic > amountAtomicMax ? { kind: 'refused', reason: 'decimal_too_large' } : { kind: 'ok', atomic };
}

/** Decimal text of atomic units, exact and without trailing zeros: `10000` at 6 decimals is `0.01`. */
export function formatDecimal(atomic: bigint, decimals: number): string {
  assert(atomic >= 0n, 'only amounts that are not negative are formatted');
  const digits = atomic.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
