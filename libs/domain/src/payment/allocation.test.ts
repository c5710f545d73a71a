import { describe, expect, it } from 'vitest';
import { allocationBuckets, isPaymentBucket } from './allocation.js';

describe('isPaymentBucket', () => {
  it('counts payment and partial, and nothing that came late, twice, over or unasked (I19)', () => {
    expect(allocationBuckets.filter(isPaymentBucket)).toEqual(['payment', 'partial']);
  });
});
