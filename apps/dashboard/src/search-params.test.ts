import { expect, it } from 'vitest';
import { parseSearch, stringifySearch } from './search-params.js';

it('repeats a key for several values, and reads it back', () => {
  const search = { status: ['failed', 'unknown'], q: '0x12 34', range: '7d' };
  expect(stringifySearch(search)).toBe('?status=failed&status=unknown&q=0x12+34&range=7d');
  expect(parseSearch(stringifySearch(search))).toEqual(search);
});

it('leaves out what is not there', () => {
  expect(stringifySearch({ q: '', range: undefined, from: null })).toBe('');
});

it('leaves digits as text', () => {
  expect(parseSearch('?q=0012')).toEqual({ q: '0012' });
});
