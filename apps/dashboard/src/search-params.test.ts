import { expect, it } from 'vitest';
import { z } from 'zod';
import { parseSearch, searchOf, severalOf, stringifySearch } from './search-params.js';

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

it('takes away what is broken, over the raw value that the router holds', () => {
  const read = searchOf({ status: severalOf(z.enum(['failed'])), q: z.string().optional() });
  const raw = { status: 'nonsense', q: 'a' };
  expect({ ...raw, ...read(raw) }).toEqual({ status: undefined, q: 'a' });
  expect(read({ status: 'failed' })).toEqual({ status: ['failed'] });
});
