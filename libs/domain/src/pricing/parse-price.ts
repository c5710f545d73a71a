import { parseDecimal } from '../money/decimal.js';

/** No single call costs more than this many whole units: more is a slip of the finger, not a price. */
export const priceWholeUnitsMax = 1_000_000n;

export type PriceRefusal = 'price_malformed' | 'price_too_precise' | 'price_too_large' | 'price_zero';
export type PriceResult =
  | { readonly kind: 'ok'; readonly amountAtomic: bigint }
  | { readonly kind: 'refused'; readonly reason: PriceRefusal };

/**
 * The atomic units of a price as a merchant writes it. Checked in this order: a plain decimal number without a sign,
 * no more decimals than the asset has, no more than `priceWholeUnitsMax`, more than zero.
 */
export function parsePrice(text: string, decimals: number): PriceResult {
  const parsed = parseDecimal(text, decimals);
  if (parsed.kind === 'refused') {
    if (parsed.reason === 'decimal_malformed') return refused('price_malformed');
    return refused(parsed.reason === 'decimal_too_precise' ? 'price_too_precise' : 'price_too_large');
  }
  if (parsed.atomic > priceWholeUnitsMax * 10n ** BigInt(decimals)) return refused('price_too_large');
  if (parsed.atomic === 0n) return refused('price_zero');
  return { kind: 'ok', amountAtomic: parsed.atomic };
}

function refused(reason: PriceRefusal): PriceResult {
  return { kind: 'refused', reason };
}
