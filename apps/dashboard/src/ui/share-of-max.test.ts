import { expect, it } from 'vitest';
import { shareOfMax } from './share-of-max.js';

it('draws amounts beyond the range of numbers to scale', () => {
  expect(shareOfMax(['0', '50000000000000000000000', '100000000000000000000000'])).toEqual([0, 0.5, 1]);
});

it('draws nothing as nothing', () => {
  expect(shareOfMax(['0', '0'])).toEqual([0, 0]);
  expect(shareOfMax([])).toEqual([]);
});
