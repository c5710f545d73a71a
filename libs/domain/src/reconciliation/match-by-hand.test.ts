import { describe, expect, it } from 'vitest';
import { type HandMatchInput, matchByHand } from './match-by-hand.js';

const input: HandMatchInput = {
  amountAtomic: 100n,
  isFinal: true,
  isSameAsset: true,
  isSameWallet: true,
  intentId: 'i',
  intentStatus: 'open',
  isBeingTried: false,
  dueAtomic: 100n,
  priceAtomic: 100n,
  paidAtomic: 0n,
};

function legs(changes: Partial<HandMatchInput>): unknown {
  const result = matchByHand({ ...input, ...changes });
  if (result.kind === 'refused') return result.reason;
  return result.match.legs.map(({ bucket, amountAtomic, matchedBy }) => `${bucket} ${amountAtomic} ${matchedBy}`);
}

describe('matchByHand', () => {
  it('pays an open payment in full, in part, or more than in full', () => {
    expect(legs({})).toEqual(['payment 100 hand']);
    expect(legs({ amountAtomic: 40n })).toEqual(['partial 40 hand']);
    expect(legs({ amountAtomic: 150n, paidAtomic: 20n })).toEqual(['payment 80 hand', 'overpayment 70 hand']);
  });

  it.each(['confirmed', 'final'] as const)('is a duplicate to what is %s', (intentStatus) => {
    expect(legs({ intentStatus })).toEqual(['duplicate 100 hand']);
  });

  it.each(['failed', 'expired', 'canceled'] as const)('is late to what has %s', (intentStatus) => {
    expect(legs({ intentStatus })).toEqual(['late 100 hand']);
  });

  it.each([
    ['money that a reorg could take back', { isFinal: false, isSameAsset: false }, 'transfer_not_final'],
    ['another token', { isSameAsset: false, isSameWallet: false }, 'asset_mismatch'],
    ['money at another wallet', { isSameWallet: false, isBeingTried: true }, 'wallet_mismatch'],
    ['a payment whose own money may come', { isBeingTried: true }, 'payment_in_progress'],
    ['a payment of unknown outcome', { intentStatus: 'unknown' }, 'payment_in_progress'],
  ] as const)('refuses %s', (_what, changes, reason) => {
    expect(legs(changes)).toBe(reason);
  });
});
