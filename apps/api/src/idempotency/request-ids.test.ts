import { expect, it } from 'vitest';
import { idsOf } from './request-ids.js';

const name = { bookId: 1, route: 'POST /v1/endpoints', key: 'a' };

it('makes the same ids of the same key and moment, and others of any other', () => {
  const id = idsOf(name, 1_000)('endpoint');
  expect(idsOf({ ...name }, 1_000)('endpoint')).toBe(id);
  const others = [
    idsOf(name, 1_000)('price'),
    idsOf(name, 1_001)('endpoint'),
    idsOf({ ...name, bookId: 2 }, 1_000)('endpoint'),
    idsOf({ ...name, route: 'POST /v1/wallets' }, 1_000)('endpoint'),
    idsOf({ ...name, key: 'b' }, 1_000)('endpoint'),
  ];
  expect(new Set([id, ...others]).size).toBe(6);
  expect(id).toMatch(/^00000000-03e8-7/);
});
