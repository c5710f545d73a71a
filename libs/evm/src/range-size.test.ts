import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RangeSize } from './range-size.js';

/** Asks for ranges of a node that takes `cap` blocks and names it or not; how many questions `blocks` blocks cost. */
function questions(size: RangeSize, blocks: bigint, cap: bigint, isTold: boolean): number {
  let asked = 0;
  for (let left = blocks; left > 0n; ) {
    const part = size.of(left);
    asked += 1;
    if (part > cap) {
      size.refused(part, isTold ? cap : null);
      continue;
    }
    size.took(part, 0);
    left -= part;
  }
  return asked;
}

const day = 43_200n;

describe('RangeSize', () => {
  it("grows while everything goes through, up to what a node of one's own takes", () => {
    const size = new RangeSize();
    for (let part = 0; part < 20; part += 1) size.took(size.of(10_000_000n), 0);
    expect(size.of(10_000_000n)).toBe(100_000n);
  });

  it.each([500n, 100n, 10n])('costs a day of Base one question a range of %s and two in a hundred more', (cap) => {
    const least = Number((day + cap - 1n) / cap);
    expect(questions(new RangeSize(), day, cap, true)).toBeLessThanOrEqual(Math.ceil(least * 1.02));
  });

  it('finds a cap that nobody names, and stays close to it', () => {
    const size = new RangeSize();
    questions(size, 100_000n, 3_000n, false);
    const least = Number((100_000n + 2_999n) / 3_000n);
    expect(questions(size, 100_000n, 3_000n, false)).toBeLessThanOrEqual(Math.ceil(least * 1.15));
  });

  it('grows again once more is taken', () => {
    const size = new RangeSize();
    questions(size, 10_000n, 100n, true);
    expect(size.of(day)).toBe(100n);
    questions(size, 100_000n, 50_000n, true);
    expect(size.of(day) > 1_000n).toBe(true);
  });

  it('keeps answers small where blocks are full', () => {
    const size = new RangeSize();
    for (let part = 0; part < 20; part += 1) {
      const asked = size.of(day);
      size.took(asked, Number(asked) * 50);
    }
    expect(size.of(day)).toBeLessThanOrEqual(40n);
    expect(size.of(day)).toBeGreaterThanOrEqual(20n);
  });

  it('learns nothing from an outage in the words of a range error', () => {
    const size = new RangeSize();
    questions(size, 10_000n, 1_000n, true);
    for (let asked = size.of(day); asked > 1n; asked = size.of(day)) size.refused(asked, null);
    size.gaveUp();
    expect(size.of(day)).toBe(1_000n);
  });

  it('always comes to an end, whatever is told', () => {
    const told = fc.option(fc.bigInt({ min: 0n, max: 20_000n }), { nil: null });
    fc.assert(
      fc.property(fc.array(told, { minLength: 20, maxLength: 20 }), (answers) => {
        const size = new RangeSize();
        for (const each of answers) {
          const asked = size.of(day);
          size.refused(asked, each);
          expect(asked === 1n || size.of(day) < asked).toBe(true);
          expect(size.of(day) >= 1n).toBe(true);
        }
      }),
    );
  });
});
