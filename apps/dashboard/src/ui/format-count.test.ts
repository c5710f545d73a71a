import { expect, it } from 'vitest';
import { formatCount, formatShare } from './format-count.js';

it('chooses the word by the count', () => {
  expect(formatCount(1, 'payment', 'payments')).toBe('1 payment');
  expect(formatCount(1200, 'payment', 'payments')).toBe('1,200 payments');
});

it('shows the ends of a share without decimals', () => {
  expect(formatShare(1)).toBe('100%');
  expect(formatShare(0.9876)).toBe('98.8%');
});
