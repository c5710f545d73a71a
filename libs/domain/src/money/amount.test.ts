import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssertionFailed } from '../assert.js';
import { add, amount, amountAtomicMax } from './amount.js';
import { type Asset, isSameAsset } from './asset.js';

const dollar: Asset = {
  assetId: 1,
  network: 'eip155:84532',
  contract: '0x036cbd53842c5426634e7929541ec2318f3dcf7e',
  symbol: 'USDC',
  decimals: 6,
  eip712: { name: 'USDC', version: '2' },
};

describe('amount', () => {
  it('lies between nothing and the largest amount a chain can emit', () => {
    expect(amount(0n, dollar).atomic).toBe(0n);
    expect(amount(amountAtomicMax, dollar).atomic).toBe(2n ** 256n - 1n);
    expect(() => amount(-1n, dollar)).toThrow(AssertionFailed);
    expect(() => amount(amountAtomicMax + 1n, dollar)).toThrow(AssertionFailed);
  });

  it('adds exactly, in any order', () => {
    const half = fc.bigInt({ min: 0n, max: 2n ** 255n - 1n });
    fc.assert(
      fc.property(half, half, (a, b) => {
        const sum = add(amount(a, dollar), amount(b, dollar));
        expect(sum).toEqual({ atomic: a + b, asset: dollar });
        expect(add(amount(b, dollar), amount(a, dollar))).toEqual(sum);
      }),
    );
  });

  it('refuses a sum that no chain can hold', () => {
    expect(() => add(amount(amountAtomicMax, dollar), amount(1n, dollar))).toThrow(AssertionFailed);
  });

  it('refuses to add two assets', () => {
    const lookAlike = { ...dollar, contract: '0x0000000000000000000000000000000000000bad' };
    expect(() => add(amount(1n, dollar), amount(1n, lookAlike))).toThrow(AssertionFailed);
  });
});

describe('isSameAsset', () => {
  it('goes by network and contract, never by symbol, name or decimals (I08, A13)', () => {
    expect(isSameAsset(dollar, { ...dollar, assetId: 9, symbol: 'XXX', decimals: 18 })).toBe(true);
    expect(isSameAsset(dollar, { ...dollar, contract: '0x0000000000000000000000000000000000000bad' })).toBe(false);
    expect(isSameAsset(dollar, { ...dollar, network: 'eip155:8453' })).toBe(false);
  });
});
