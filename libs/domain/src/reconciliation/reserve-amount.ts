import { assert } from '../assert.js';

/** How many units are taken off a price at most, and so how many invoices of one price can be told apart at once. */
const stepsMax = 999n;

/**
 * Whether a transfer from a wallet is worth its fee: below a hundredth of the unit none is asked for, so what is taken
 * off a price to make it unique is never felt.
 */
export function isWorthATransfer(amountAtomic: bigint, decimals: number): boolean {
  return amountAtomic * 100n >= 10n ** BigInt(decimals);
}

/** The amounts that may stand for a price: all below it, so that none of them is what its other payers send. */
export function reservableRange(priceAtomic: bigint): { readonly mostAtomic: bigint; readonly leastAtomic: bigint } {
  const leastAtomic = priceAtomic - stepsMax;
  return { mostAtomic: priceAtomic - 1n, leastAtomic: leastAtomic > 1n ? leastAtomic : 1n };
}

/** What no invoice can be promised. */
export type UnreservableAmounts = {
  /** Promised to other invoices. */
  readonly promised: ReadonlySet<bigint>;
  /** Prices of the same token, which anybody may pay by a transfer and prove (B3). */
  readonly onOffer: ReadonlySet<bigint>;
};

/**
 * The amount by which a transfer names its invoice (B2): the price less the fewest units, one at least, that nobody else
 * was asked for. Never a price that is on offer, since whoever opened an invoice would be given what others pay.
 * Null where every amount is taken.
 */
export function reserveAmount(priceAtomic: bigint, { promised, onOffer }: UnreservableAmounts): bigint | null {
  assert(priceAtomic > 0n, 'a price is positive');
  const { mostAtomic, leastAtomic } = reservableRange(priceAtomic);
  for (let amount = mostAtomic; amount >= leastAtomic; amount -= 1n) {
    if (!promised.has(amount) && !onOffer.has(amount)) return amount;
  }
  return null;
}

/** What is known of a promise when a transfer of its amount is seen. */
export type AmountPromise = {
  /** The last block that had been read when the amount was promised: nobody could mean it before. */
  readonly afterBlock: bigint;
  /** Whether something is sold for the very amount by now, so that it names no one invoice any more. */
  readonly isPriceOnOffer: boolean;
};

/**
 * Whether a transfer in a block may name the invoice that its amount was promised to. Money in a block that had been read
 * before is somebody else's: whoever sees a stranger's transfer cannot open an invoice that it fits. Nor does an amount
 * that is a price: a payer may have meant any sale of it, and a guess would give one's money to another.
 */
export function namesItsInvoice(blockNumber: bigint, { afterBlock, isPriceOnOffer }: AmountPromise): boolean {
  return blockNumber > afterBlock && !isPriceOnOffer;
}
