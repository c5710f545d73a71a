import { expect, it } from 'vitest';
import { niceCeiling } from './nice-ceiling.js';

it.each([
  [1n, 1n],
  [3n, 4n],
  [9n, 10n],
  [10n, 10n],
  [1_300n, 2_000n],
  [85_000_000n, 100_000_000n],
])('ends the axis of %d at %d', (most, ceiling) => {
  expect(niceCeiling(most)).toBe(ceiling);
});
