import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOverExposed } from './exposure.js';

const caps = { perPayer: 2n, perEndpoint: 100n, total: 3n };
const over = (payerAtomic: bigint, totalAtomic: bigint, amount: bigint) =>
  isOverExposed({ payerAtomic, endpointAtomic: 0n, totalAtomic }, amount, caps, 6);

describe('isOverExposed', () => {
  it('lets a payer reach his cap, and not pass it', () => {
    expect([over(1_500_000n, 1_500_000n, 500_000n), over(1_500_000n, 1_500_000n, 500_001n)]).toEqual([false, true]);
  });

  it('lets all payers reach theirs, and not pass it', () => {
    expect([over(0n, 2_500_000n, 500_000n), over(0n, 2_500_000n, 500_001n)]).toEqual([false, true]);
  });

  it('lets an endpoint reach its cap, and not pass it', () => {
    const within = { payerAtomic: 0n, endpointAtomic: 500_000n, totalAtomic: 500_000n };
    const ofEndpoint = (amount: bigint) => isOverExposed(within, amount, { ...caps, perEndpoint: 1n }, 6);
    expect([ofEndpoint(500_000n), ofEndpoint(500_001n)]).toEqual([false, true]);
  });

  it('never lets more stand at risk than a cap allows', () => {
    const amount = fc.bigInt({ min: 0n, max: 4_000_000n });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), amount)), (payments) => {
        const ofPayer = new Map<number, bigint>();
        let totalAtomic = 0n;
        for (const [payer, value] of payments) {
          const payerAtomic = ofPayer.get(payer) ?? 0n;
          if (over(payerAtomic, totalAtomic, value)) continue;
          ofPayer.set(payer, payerAtomic + value);
          totalAtomic += value;
        }
        expect(totalAtomic <= 3_000_000n && [...ofPayer.values()].every((sum) => sum <= 2_000_000n)).toBe(true);
      }),
    );
  });
});
