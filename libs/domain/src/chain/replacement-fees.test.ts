import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replacementFees } from './replacement-fees.js';

const fees = (maxFeePerGasWei: bigint, maxPriorityFeePerGasWei: bigint) => ({
  maxFeePerGasWei,
  maxPriorityFeePerGasWei,
});

describe('replacementFees', () => {
  it('offers an eighth more, rounded up', () => {
    expect(replacementFees(fees(80n, 8n), fees(1n, 1n), 1_000n)).toEqual(fees(90n, 9n));
    expect(replacementFees(fees(81n, 1n), fees(1n, 1n), 1_000n)).toEqual(fees(92n, 2n));
  });

  it('offers what is asked now where that is more', () => {
    expect(replacementFees(fees(80n, 8n), fees(200n, 1n), 1_000n)).toEqual(fees(200n, 9n));
    expect(replacementFees(fees(80n, 8n), fees(1n, 30n), 1_000n)).toEqual(fees(90n, 30n));
  });

  it('waits where that is above the cap', () => {
    expect(replacementFees(fees(80n, 8n), fees(1n, 1n), 90n)).toEqual(fees(90n, 9n));
    expect(replacementFees(fees(80n, 8n), fees(1n, 1n), 89n)).toBeNull();
    expect(replacementFees(fees(80n, 8n), fees(99n, 1n), 95n)).toEqual(fees(95n, 9n));
    expect(replacementFees(fees(80n, 8n), fees(1n, 91n), 90n)).toBeNull();
  });

  it('never lowers a fee, never passes the cap, and is always taken by a node', () => {
    const wei = fc.bigInt({ min: 1n, max: 10n ** 15n });
    fc.assert(
      fc.property(wei, wei, wei, wei, wei, (max, tip, askedMax, askedTip, cap) => {
        const before = fees(max, tip);
        const next = replacementFees(before, fees(askedMax, askedTip), cap);
        if (next === null) return;
        expect(next.maxFeePerGasWei * 8n >= max * 9n && next.maxPriorityFeePerGasWei * 8n >= tip * 9n).toBe(true);
        expect(next.maxFeePerGasWei <= cap && next.maxPriorityFeePerGasWei <= next.maxFeePerGasWei).toBe(true);
      }),
    );
  });
});
