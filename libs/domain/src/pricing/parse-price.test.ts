import { describe, expect, it } from 'vitest';
import { parsePrice } from './parse-price.js';

describe('parsePrice', () => {
  it('reads decimal text to the last unit of the asset', () => {
    expect(parsePrice('0.01', 6)).toEqual({ kind: 'ok', amountAtomic: 10_000n });
    expect(parsePrice('0.000001', 6)).toEqual({ kind: 'ok', amountAtomic: 1n });
    expect(parsePrice('0.0100', 6)).toEqual({ kind: 'ok', amountAtomic: 10_000n });
    expect(parsePrice('1000000', 6)).toEqual({ kind: 'ok', amountAtomic: 1_000_000_000_000n });
  });

  it.each([
    ['-0.01', 'price_malformed'],
    ['+1', 'price_malformed'],
    ['1e3', 'price_malformed'],
    ['', 'price_malformed'],
    [' 1', 'price_malformed'],
    ['0,01', 'price_malformed'],
    ['.5', 'price_malformed'],
    ['01', 'price_malformed'],
    ['NaN', 'price_malformed'],
    ['0.0000001', 'price_too_precise'],
    ['0.0000000', 'price_too_precise'],
    ['1000000.000001', 'price_too_large'],
    ['9'.repeat(78), 'price_too_large'],
    ['0', 'price_zero'],
    ['0.000000', 'price_zero'],
  ])('refuses %s as %s', (text, reason) => {
    expect(parsePrice(text, 6)).toEqual({ kind: 'refused', reason });
  });

  it('tells a slip of precision before one of size', () => {
    expect(parsePrice('99999999.1234567', 6)).toEqual({ kind: 'refused', reason: 'price_too_precise' });
  });
});
