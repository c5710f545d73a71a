import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MatchCandidate, matchTransfer } from './match-transfer.js';
import { forgivenAtomic, isDust, toleranceMaxAtomic } from './tolerance.js';

const amount = fc.bigInt({ min: 0n, max: 5_000n });

function candidate(dueAtomic: bigint, paidAtomic = 0n): MatchCandidate {
  const intent = { intentId: 'i', dueAtomic, priceAtomic: dueAtomic, paidAtomic };
  return { ...intent, attemptStatus: 'submitted', matchedBy: 'amount' };
}

describe('forgivenAtomic', () => {
  it.each([
    [50n, 10_000n, 50n, 50n],
    [51n, 10_000n, 50n, 0n],
    [101n, 10_000n, 5_000n, 0n],
    [100n, 10_000n, 5_000n, 100n],
    [1n, 99n, 5_000n, 0n],
    [1n, 10_000n, 0n, 0n],
  ])('of %s missing where %s was due, with a tolerance of %s: %s', (missing, due, tolerance, forgiven) => {
    expect(forgivenAtomic(missing, due, tolerance)).toBe(forgiven);
  });
});

describe('a tolerance', () => {
  it('changes what is asked about and what counts as paid, and never where a unit stands', () => {
    fc.assert(
      fc.property(amount, amount, amount, (amountAtomic, dueAtomic, tolerance) => {
        fc.pre(dueAtomic > 0n);
        const transfer = { amountAtomic, isFromOwnWallet: false, isToOwnWallet: true };
        const strict = matchTransfer(transfer, candidate(dueAtomic));
        const lenient = matchTransfer(transfer, candidate(dueAtomic), tolerance);
        const sums = [strict, lenient].map(({ legs }) => legs.reduce((sum, leg) => sum + leg.amountAtomic, 0n));
        expect(sums).toEqual([amountAtomic, amountAtomic]);
        if (tolerance === 0n) expect(lenient).toEqual(strict);
        expect(lenient.discrepancies.every((each) => each.amountAtomic > tolerance || each.kind === 'short')).toBe(
          true,
        );
        const forgiven = lenient.legs.reduce((sum, leg) => sum + (leg.forgivenAtomic ?? 0n), 0n);
        if (forgiven > 0n) expect([lenient.isAttemptPaid, amountAtomic + forgiven]).toEqual([true, dueAtomic]);
      }),
    );
  });

  it('lets dust that fits nothing lie without a question', () => {
    const transfer = { amountAtomic: 7n, isFromOwnWallet: false, isToOwnWallet: true };
    expect(matchTransfer(transfer, null, 7n)).toMatchObject({ legs: [{ bucket: 'dust' }], discrepancies: [] });
    expect(matchTransfer(transfer, null, 6n)).toMatchObject({
      legs: [{ bucket: 'unmatched' }],
      discrepancies: [{ kind: 'unmatched', amountAtomic: 7n }],
    });
    expect(isDust(7n, 6n)).toBe(false);
    expect(toleranceMaxAtomic(6)).toBe(1_000_000n);
  });
});
