import { expect, it } from 'vitest';
import { changeText } from './change-text.js';

it.each([
  [150n, 100n, '+50.0%'],
  [75n, 100n, '−25.0%'],
  [1_000n, 100n, '+900%'],
  [100n, 100n, 'same as before'],
  [5n, 0n, 'new'],
  [0n, 0n, 'none before either'],
  [0n, 40n, '−100%'],
])('says of %d after %d: %s', (current, previous, text) => {
  expect(changeText(current, previous)).toBe(text);
});
