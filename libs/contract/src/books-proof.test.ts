import { describe, expect, it } from 'vitest';
import { buildBooksProofRow } from '../test/build-payment.js';
import { booksProofQuerySchema, booksProofSchema } from './books-proof.js';

describe('booksProofSchema', () => {
  it('takes rows that add up, and rows that do not', () => {
    const data = [buildBooksProofRow(), buildBooksProofRow({ closing: '-5', difference: '-10005' })];
    expect(booksProofSchema.parse({ data })).toEqual({ data });
  });

  it.each([{ onChain: 10_000 }, { opening: '-1' }, { difference: '-0' }, { in: '1.5' }])('refuses %j', (changes) => {
    expect(booksProofSchema.safeParse({ data: [buildBooksProofRow(changes)] }).success).toBe(false);
  });
});

describe('booksProofQuerySchema', () => {
  it('asks for everything, for one network, or for one of its blocks', () => {
    expect(booksProofQuerySchema.parse({})).toEqual({});
    expect(booksProofQuerySchema.parse({ network: 'eip155:84532', block: '100' })).toEqual({
      network: 'eip155:84532',
      block: 100,
    });
  });

  it.each([
    { block: '100' },
    { network: 'base' },
    { network: 'eip155:84532', block: '-1' },
    { network: 'eip155:84532', block: '0x10' },
    { wallet: '0x99' },
  ])('refuses %j', (query) => {
    expect(booksProofQuerySchema.safeParse(query).success).toBe(false);
  });
});
