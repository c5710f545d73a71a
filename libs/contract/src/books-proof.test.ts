import { describe, expect, it } from 'vitest';
import { buildBooksProofRow } from '../test/build-payment.js';
import { booksProofQuerySchema, booksProofSchema } from './books-proof.js';

describe('booksProofSchema', () => {
  it('takes rows that add up, and rows that do not', () => {
    const asked = { blockHash: '0xb1', from: null, explanation: null };
    const row = { effect: '10005', block: 7, txHash: '0x77', position: 0, transferId: null, entry: null };
    const explanation = { rows: [{ kind: 'not_recorded', ...row }], unexplained: '0' };
    const data = [
      buildBooksProofRow(asked),
      buildBooksProofRow({ ...asked, from: 5, opening: '-5', closing: '-5', difference: '10005', explanation }),
    ];
    expect(booksProofSchema.parse({ data })).toEqual({ data });
  });

  it.each([{ onChain: 10_000 }, { opening: '1.5' }, { difference: '-0' }, { in: '1.5' }])('refuses %j', (changes) => {
    expect(
      booksProofSchema.safeParse({
        data: [buildBooksProofRow({ blockHash: '0xb1', from: null, explanation: null, ...changes })],
      }).success,
    ).toBe(false);
  });
});

describe('booksProofQuerySchema', () => {
  it('asks for everything, for one network, or for one of its blocks', () => {
    expect(booksProofQuerySchema.parse({})).toEqual({});
    expect(booksProofQuerySchema.parse({ network: 'eip155:84532', block: '100' })).toEqual({
      network: 'eip155:84532',
      block: 100,
    });
    const named = { network: 'eip155:84532', wallet: '0x99', asset: 'USDC', from: '5', at: '100' };
    expect(booksProofQuerySchema.parse(named)).toEqual({ ...named, from: 5, at: 100 });
  });

  it.each([
    { block: '100' },
    { network: 'base' },
    { network: 'eip155:84532', block: '-1' },
    { network: 'eip155:84532', block: '0x10' },
    { wallet: '0x99' },
    { asset: 'USDC' },
    { from: '5' },
    { network: 'eip155:84532', at: '6', block: '5' },
    { network: 'eip155:84532', from: '-5' },
    { network: 'eip155:84532', until: '5' },
  ])('refuses %j', (query) => {
    expect(booksProofQuerySchema.safeParse(query).success).toBe(false);
  });
});
