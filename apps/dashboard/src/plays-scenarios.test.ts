import { expect, it } from 'vitest';
import { playsScenarios } from './plays-scenarios.js';

it('scenarios are played in the test book of the demo shop, and nowhere near real money', () => {
  const books = [
    { mode: 'test', slug: 'demo' },
    { mode: 'live', slug: 'demo' },
    { mode: 'test', slug: 'shop-test' },
  ] as const;
  expect(books.map(playsScenarios)).toEqual([true, false, false]);
});
