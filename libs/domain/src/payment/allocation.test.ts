import { describe, expect, it } from 'vitest';
import { allocationBuckets, isPaymentBucket, paidAtomic } from './allocation.js';

describe('isPaymentBucket', () => {
  it('counts payment and partial, and nothing that came late, twice, over or unasked (I19)', () => {
    expect(allocationBuckets.filter(isPaymentBucket)).toEqual(['payment', 'partial']);
  });
});

describe('paidAtomic', () => {
  it('sums what pays, and leaves out all other money', () => {
    expect(paidAtomic(allocationBuckets.map((bucket, at) => ({ bucket, amountAtomic: 10n ** BigInt(at) })))).toBe(11n);
    expect(paidAtomic([])).toBe(0n);
  });
});
