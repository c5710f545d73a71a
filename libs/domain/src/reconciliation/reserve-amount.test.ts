import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorthATransfer, reservableRange, reserveAmount } from './reserve-amount.js';

const prices = fc.bigInt({ min: 1n, max: 10n ** 20n });

describe('reserveAmount', () => {
  it('asks for the price itself while nobody else was asked for it', () => {
    expect(reserveAmount(10_000n, new Set())).toBe(10_000n);
    expect(reserveAmount(10_000n, new Set([10_000n, 9_998n]))).toBe(9_999n);
  });

  it('tells a thousand invoices of one price apart, never over the price, and then no more', () => {
    for (const price of [1n, 7n, 999n, 1_000n, 1_001n, 10_000n]) {
      const given: bigint[] = [];
      for (let next = reserveAmount(price, new Set()); next !== null; next = reserveAmount(price, new Set(given))) {
        given.push(next);
      }
      const count = price < 1_000n ? price : 1_000n;
      expect(given).toEqual(Array.from({ length: Number(count) }, (_, step) => price - BigInt(step)));
    }
  });

  it('takes the fewest units off that are free', () => {
    fc.assert(
      fc.property(prices, fc.uniqueArray(fc.integer({ min: 0, max: 1_100 }), { maxLength: 60 }), (price, steps) => {
        const taken = new Set(steps.map((step) => price - BigInt(step)));
        const given = reserveAmount(price, taken);
        const { mostAtomic, leastAtomic } = reservableRange(price);
        for (let dearer = mostAtomic; dearer > (given ?? leastAtomic - 1n); dearer -= 1n) {
          expect(taken.has(dearer)).toBe(true);
        }
        expect(given === null || (given <= mostAtomic && given >= leastAtomic && !taken.has(given))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

it('isWorthATransfer draws the line at a hundredth of the unit', () => {
  expect([isWorthATransfer(9_999n, 6), isWorthATransfer(10_000n, 6)]).toEqual([false, true]);
});
