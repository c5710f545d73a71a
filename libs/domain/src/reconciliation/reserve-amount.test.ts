import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorthATransfer, namesItsInvoice, reservableRange, reserveAmount } from './reserve-amount.js';

const prices = fc.bigInt({ min: 1n, max: 10n ** 20n });
const steps = fc.uniqueArray(fc.integer({ min: 0, max: 1_100 }), { maxLength: 60 });
const none = new Set<bigint>();

describe('reserveAmount', () => {
  it('asks for a unit less than the price, then for the next that nobody was asked for and that is no price', () => {
    expect(reserveAmount(10_000n, { promised: none, onOffer: none })).toBe(9_999n);
    const promised = new Set([9_999n, 9_997n]);
    expect(reserveAmount(10_000n, { promised, onOffer: new Set([10_000n, 9_998n]) })).toBe(9_996n);
  });

  it('tells a thousand invoices of one price apart but for one, never at the price or over it, and then no more', () => {
    for (const price of [1n, 7n, 999n, 1_000n, 1_001n, 10_000n]) {
      const promised = new Set<bigint>();
      const next = () => reserveAmount(price, { promised, onOffer: none });
      for (let given = next(); given !== null; given = next()) promised.add(given);
      const count = price <= 999n ? price - 1n : 999n;
      expect([...promised]).toEqual(Array.from({ length: Number(count) }, (_, step) => price - 1n - BigInt(step)));
    }
  });

  it('never asks for a price on offer, its own least of all, and takes the fewest units off that are free', () => {
    fc.assert(
      fc.property(prices, steps, steps, (price, promisedSteps, soldSteps) => {
        const promised = new Set(promisedSteps.map((step) => price - BigInt(step)));
        const onOffer = new Set(soldSteps.map((step) => price - BigInt(step)));
        const given = reserveAmount(price, { promised, onOffer });
        const { mostAtomic, leastAtomic } = reservableRange(price);
        for (let dearer = mostAtomic; dearer > (given ?? leastAtomic - 1n); dearer -= 1n) {
          expect(promised.has(dearer) || onOffer.has(dearer)).toBe(true);
        }
        if (given === null) return;
        expect(given < price && given >= leastAtomic).toBe(true);
        expect(promised.has(given) || onOffer.has(given)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});

it('a transfer names an invoice in a later block than was read, and never by an amount that is a price', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt(), fc.boolean(), (block, afterBlock, isPriceOnOffer) => {
      const isNamed = namesItsInvoice(block, { afterBlock, isPriceOnOffer });
      expect(isNamed).toBe(!isPriceOnOffer && block > afterBlock);
    }),
  );
});

it('isWorthATransfer draws the line at a hundredth of the unit', () => {
  expect([isWorthATransfer(9_999n, 6), isWorthATransfer(10_000n, 6)]).toEqual([false, true]);
});
