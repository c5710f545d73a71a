import { describe, expect, it } from 'vitest';
import { isOfferReference } from './is-offer-reference.js';

describe('isOfferReference', () => {
  it.each([
    [`inv_${'a'.repeat(80)}`, true],
    [`inv_${'7'.repeat(112)}`, true],
    [`inv_${'a'.repeat(81)}`, false],
    [`inv_${'A'.repeat(80)}`, false],
    ['INV-2026-000001', false],
    ['pi_aaaa', false],
    ['', false],
  ])('of %s is %s', (text, expected) => {
    expect(isOfferReference(text)).toBe(expected);
  });
});
