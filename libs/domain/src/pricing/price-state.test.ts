import { expect, it } from 'vitest';
import { priceState } from './price-state.js';

it.each([
  [10, null, false, 'scheduled'],
  [5, null, false, 'current'],
  [5, 6, false, 'current'],
  [1, 5, false, 'past'],
  [10, 4, true, 'canceled'],
] as const)('a price from %s to %s stands at 5 as it should', (activeFromMs, activeToMs, isCanceled, state) => {
  expect(priceState({ activeFromMs, activeToMs, isCanceled }, 5)).toBe(state);
});
