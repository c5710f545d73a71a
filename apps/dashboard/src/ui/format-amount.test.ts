import { describe, expect, it } from 'vitest';
import { formatAmount, fractionDigitsOf } from './format-amount.js';

describe('formatAmount', () => {
  it.each([
    ['0', '0.00'],
    ['10000', '0.01'],
    ['1000', '0.001'],
    ['1', '0.000001'],
    ['1000000', '1.00'],
    ['1250000', '1.25'],
    ['1234567890000', '1,234,567.89'],
    ['-500000', '−0.50'],
    ['123456789012345678901234567890', '123,456,789,012,345,678,901,234.56789'],
  ])('shows %s as %s, exactly', (atomic, text) => {
    expect(formatAmount(atomic, 'USDC')).toBe(text);
  });

  it('pads to the decimals of its column', () => {
    expect(formatAmount('10000', 'USDC', { fractionDigits: 4 })).toBe('0.0100');
  });

  it('shortens totals above a million and never rounds them up', () => {
    expect(formatAmount('1239999000000', 'USDC', { isCompact: true })).toBe('1.23M');
    expect(formatAmount('999999000000', 'USDC', { isCompact: true })).toBe('999,999.00');
    expect(formatAmount('2500000000000000', 'USDC', { isCompact: true })).toBe('2.50B');
  });

  it('does not guess the decimals of an asset it does not know', () => {
    expect(formatAmount('10000', 'XYZ')).toBe('10,000 atomic');
  });
});

describe('fractionDigitsOf', () => {
  it('is what the longest amount needs', () => {
    const usdc = (amountAtomic: string) => ({ amountAtomic, asset: 'USDC' });
    expect(fractionDigitsOf([usdc('10000'), usdc('1500'), usdc('1000000')])).toBe(4);
    expect(fractionDigitsOf([])).toBe(2);
  });
});
