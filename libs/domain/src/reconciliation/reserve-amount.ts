import { assert } from '../assert.js';

/** How many invoices of one price can be told apart at once. */
const stepsMax = 1_000n;

/**
 * Whether a transfer from a wallet is worth its fee: below a hundredth of the unit none is asked for, so what is taken
 * off a price to make it unique is never felt.
 */
export function isWorthATransfer(amountAtomic: bigint, decimals: number): boolean {
  return amountAtomic * 100n >= 10n ** BigInt(decimals);
}

/** The amounts that may stand for a price. */
export function reservableRange(priceAtomic: bigint): { readonly mostAtomic: bigint; readonly leastAtomic: bigint } {
  const leastAtomic = priceAtomic - (stepsMax - 1n);
  return { mostAtomic: priceAtomic, leastAtomic: leastAtomic > 1n ? leastAtomic : 1n };
}

/**
 * The amount by which a transfer names its invoice (B2): the price less the fewest units that nobody else was asked
 * for. Never more than the price, so nobody pays over the quote. Null where every amount is taken.
 */
export function reserveAmount(priceAtomic: bigint, taken: ReadonlySet<bigint>): bigint | null {
  assert(priceAtomic > 0n, 'a price is positive');
  const { mostAtomic, leastAtomic } = reservableRange(priceAtomic);
  for (let amount = mostAtomic; amount >= leastAtomic; amount -= 1n) if (!taken.has(amount)) return amount;
  return null;
}
