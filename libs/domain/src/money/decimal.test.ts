import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssertionFailed } from '../assert.js';
import { amountAtomicMax } from './amount.js';
import { formatDecimal, parseDecimal } from './decimal.js';

const atomic = fc.bigInt({ min: 0n, max: amountAtomicMax });
const decimals = fc.integer({ min: 0, max: 36 });

describe('parseDecimal and formatDecimal', () => {
  it('read back every amount at every number of decimals', () => {
    fc.assert(
      fc.property(atomic, decimals, (value, places) => {
        expect(parseDecimal(formatDecimal(value, places), places)).toEqual({ kind: 'ok', atomic: value });
      }),
    );
  });

  it('write one text per amount: without leading zeros, trailing zeros or a bare point', () => {
    fc.assert(
      fc.property(atomic, decimals, (value, places) => {
        expect(formatDecimal(value, places)).toMatch(/^(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/);
      }),
    );
  });

  it.each([
    ['0.01', 6, 10_000n],
    ['0.000001', 6, 1n],
    ['1', 6, 1_000_000n],
    ['1.50', 6, 1_500_000n],
    ['0', 6, 0n],
    ['0.000000', 6, 0n],
    ['12', 0, 12n],
    ['9007199254740993.000000000000000001', 18, 9007199254740993000000000000000001n],
  ])('reads %s at %i decimals exactly', (text, places, expected) => {
    expect(parseDecimal(text, places)).toEqual({ kind: 'ok', atomic: expected });
  });

  it.each([
    [10_000n, 6, '0.01'],
    [1n, 6, '0.000001'],
    [1_500_000n, 6, '1.5'],
    [0n, 6, '0'],
    [12n, 0, '12'],
    [100n, 0, '100'],
    [1n, 18, '0.000000000000000001'],
  ])('writes %s at %i decimals as %s', (value, places, expected) => {
    expect(formatDecimal(value, places)).toBe(expected);
  });

  it.each([
    ['', 'nothing'],
    ['-1', 'a sign'],
    ['+1', 'a plus sign'],
    ['1e3', 'an exponent'],
    ['0x10', 'another base'],
    ['01', 'a leading zero'],
    ['00.1', 'leading zeros'],
    ['.5', 'no whole part'],
    ['5.', 'no fraction after the point'],
    ['1.2.3', 'two points'],
    [' 1', 'a space before'],
    ['1 ', 'a space after'],
    ['1\n', 'a line break after'],
    ['1,5', 'a comma'],
    ['1_000', 'a separator'],
    ['NaN', 'no number'],
    ['Infinity', 'no end'],
    ['١', 'a digit of another script'],
    ['9'.repeat(79), 'more digits than any amount has'],
  ])('refuses %j as malformed: %s', (text) => {
    expect(parseDecimal(text, 6)).toEqual({ kind: 'refused', reason: 'decimal_malformed' });
  });

  it('refuses a text with more digits than the asset, even when they are zeros, so that nothing is ever rounded', () => {
    expect(parseDecimal('0.0000001', 6)).toEqual({ kind: 'refused', reason: 'decimal_too_precise' });
    expect(parseDecimal('0.0000000', 6)).toEqual({ kind: 'refused', reason: 'decimal_too_precise' });
    expect(parseDecimal('1.0', 0)).toEqual({ kind: 'refused', reason: 'decimal_too_precise' });
  });

  it('accepts the largest amount and refuses the next one', () => {
    expect(parseDecimal(amountAtomicMax.toString(), 0)).toEqual({ kind: 'ok', atomic: amountAtomicMax });
    expect(parseDecimal((amountAtomicMax + 1n).toString(), 0)).toEqual({
      kind: 'refused',
      reason: 'decimal_too_large',
    });
  });

  it('tells malformed before too precise, and too precise before too large', () => {
    expect(parseDecimal(' 0.0000001', 6)).toMatchObject({ reason: 'decimal_malformed' });
    expect(parseDecimal(`${'9'.repeat(78)}.1234567`, 6)).toMatchObject({ reason: 'decimal_too_precise' });
    expect(parseDecimal(`${'9'.repeat(78)}.123456`, 6)).toMatchObject({ reason: 'decimal_too_large' });
  });

  it('never formats a negative amount', () => {
    expect(() => formatDecimal(-1n, 6)).toThrow(AssertionFailed);
  });
});
