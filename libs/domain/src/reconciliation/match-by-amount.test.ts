import { describe, expect, it } from 'vitest';
import { type AmountMatchInput, matchByAmount } from './match-by-amount.js';
import { matchTransfer } from './match-transfer.js';

const input: AmountMatchInput = {
  blockNumber: 101n,
  blockTimeUnixSeconds: 1_000,
  promise: { afterBlock: 100n, isPriceOnOffer: false },
  expiresAtUnixSeconds: 1_300,
  intentId: 'i',
  intentStatus: 'open',
  dueAtomic: 9_999n,
  priceAtomic: 10_000n,
  paidAtomic: 0n,
};

function told(changes: Partial<AmountMatchInput> = {}): string {
  const transfer = { amountAtomic: 9_999n, isFromOwnWallet: false, isToOwnWallet: true };
  const match = matchTransfer(transfer, matchByAmount({ ...input, ...changes }));
  return match.legs.map(({ bucket, amountAtomic, matchedBy }) => `${bucket} ${amountAtomic} ${matchedBy}`).join(' + ');
}

describe('matchByAmount', () => {
  it('pays what its amount names, also while something else is being tried', () => {
    for (const intentStatus of ['open', 'processing', 'unknown'] as const) {
      expect(told({ intentStatus })).toBe('payment 9999 amount');
    }
  });

  it.each(['confirmed', 'final'] as const)('is a duplicate to what is %s', (intentStatus) => {
    expect(told({ intentStatus })).toBe('duplicate 9999 amount');
    expect(told({ intentStatus, blockTimeUnixSeconds: 9_999 })).toBe('duplicate 9999 amount');
  });

  it.each(['failed', 'expired', 'canceled'] as const)('is late to what has %s', (intentStatus) => {
    expect(told({ intentStatus })).toBe('late 9999 amount');
  });

  it('is in time to the second of the grace, by the chain’s clock', () => {
    expect(told({ blockTimeUnixSeconds: 1_420 })).toBe('payment 9999 amount');
    expect(told({ blockTimeUnixSeconds: 1_421 })).toBe('late 9999 amount');
  });

  it('is nobody’s where its block had been read before the amount was asked for', () => {
    expect(matchByAmount({ ...input, blockNumber: 100n })).toBeNull();
    expect(told({ blockNumber: 99n })).toBe('unmatched 9999 none');
  });

  it('is nobody’s where something is sold for that amount by now', () => {
    expect(told({ promise: { afterBlock: 100n, isPriceOnOffer: true } })).toBe('unmatched 9999 none');
  });

  it('completes what was paid in part before, up to the price', () => {
    expect(told({ paidAtomic: 4_000n })).toBe('payment 6000 amount + overpayment 3999 amount');
    expect(told({ paidAtomic: 1n })).toBe('payment 9999 amount');
  });
});
