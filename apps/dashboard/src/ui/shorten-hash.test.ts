import { expect, it } from 'vitest';
import { shortenHash } from './shorten-hash.js';

it('keeps the first six and the last four', () => {
  expect(shortenHash('0x1234567890abcdef1234567890abcdef12345678')).toBe('0x123456…5678');
  expect(shortenHash('4Nd1mYvZq8kQ7hP2sT9rW3xE6')).toBe('4Nd1mY…3xE6');
});

it('leaves short text whole', () => {
  expect(shortenHash('INV-1')).toBe('INV-1');
});
