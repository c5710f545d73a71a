import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssertionFailed } from '../assert.js';
import { isPaymentBucket } from '../payment/allocation.js';
import { type AttemptStatus, attemptStatuses } from '../payment/attempt.js';
import { type MatchableTransfer, type MatchCandidate, matchTransfer } from './match-transfer.js';

const buildTransfer = (changes: Partial<MatchableTransfer> = {}): MatchableTransfer => ({
  amountAtomic: 10_000n,
  isFromOwnWallet: false,
  isToOwnWallet: true,
  ...changes,
});
const buildCandidate = (changes: Partial<MatchCandidate> = {}): MatchCandidate => ({
  intentId: '0195f3a0-0000-7000-8000-000000000009',
  attemptStatus: 'submitted',
  dueAtomic: 10_000n,
  priceAtomic: 10_000n,
  paidAtomic: 0n,
  matchedBy: 'nonce',
  ...changes,
});
/** A match in one line: its buckets, what is wrong about it, and whether the attempt is paid. */
const told = (transfer: MatchableTransfer, candidate: MatchCandidate | null): string => {
  const match = matchTransfer(transfer, candidate);
  const legs = match.legs.map((leg) => `${leg.bucket} ${leg.amountAtomic}`).join(' + ');
  const wrong = match.discrepancies.map((each) => ` ${each.kind} ${each.amountAtomic}`).join('');
  return `${legs || 'nothing'}${wrong && `;${wrong}`}${match.isAttemptPaid ? '; paid' : ''}`;
};

const inFlight: readonly AttemptStatus[] = ['submitting', 'submitted', 'unknown'];

describe('matchTransfer', () => {
  it.each(inFlight)('pays an attempt that is %s with the transfer its key names (T8)', (attemptStatus) => {
    expect(matchTransfer(buildTransfer(), buildCandidate({ attemptStatus }))).toEqual({
      legs: [{ bucket: 'payment', amountAtomic: 10_000n, intentId: buildCandidate().intentId, matchedBy: 'nonce' }],
      discrepancies: [],
      isAttemptPaid: true,
    });
  });

  it.each<[AttemptStatus, string]>([
    ['claimed', 'unmatched 10000; unmatched 10000'],
    ['verified', 'unmatched 10000; unmatched 10000'],
    ['confirmed', 'duplicate 10000; duplicate 10000'],
    ['final', 'duplicate 10000; duplicate 10000'],
    ['failed', 'late 10000; late 10000'],
  ])('pays nothing on an attempt that is %s', (attemptStatus, expected) => {
    expect(told(buildTransfer(), buildCandidate({ attemptStatus }))).toBe(expected);
  });

  it('names no intent for money that a claim not sent by us would explain: its claim ends by itself', () => {
    for (const attemptStatus of ['claimed', 'verified'] as const) {
      const [leg] = matchTransfer(buildTransfer(), buildCandidate({ attemptStatus })).legs;
      expect(leg).toMatchObject({ intentId: null, matchedBy: 'none' });
    }
  });

  it('leaves money that no key names unmatched, never a guess', () => {
    expect(matchTransfer(buildTransfer(), null)).toEqual({
      legs: [{ bucket: 'unmatched', amountAtomic: 10_000n, intentId: null, matchedBy: 'none' }],
      discrepancies: [{ kind: 'unmatched', amountAtomic: 10_000n }],
      isAttemptPaid: false,
    });
  });

  it.each<[string, bigint, bigint, string]>([
    ['one unit short', 9_999n, 0n, 'partial 9999; short 1'],
    ['one unit over', 10_001n, 0n, 'payment 10000 + overpayment 1; over 1; paid'],
    ['what an earlier part left', 4_000n, 6_000n, 'payment 4000; paid'],
    ['less than an earlier part left', 3_000n, 6_000n, 'partial 3000; short 1000'],
    ['more than an earlier part left', 5_000n, 6_000n, 'payment 4000 + overpayment 1000; over 1000; paid'],
    ['anything once all is paid', 10_000n, 10_000n, 'duplicate 10000; duplicate 10000; paid'],
    ['anything once more than all is paid', 1n, 20_000n, 'duplicate 1; duplicate 1; paid'],
  ])('splits a transfer of %s', (_, amountAtomic, paidAtomic, expected) => {
    expect(told(buildTransfer({ amountAtomic }), buildCandidate({ paidAtomic }))).toBe(expected);
  });

  it.each<[string, bigint, bigint, string]>([
    ['exactly what was asked', 9_990n, 0n, 'payment 9990; paid'],
    ['the whole price', 10_000n, 0n, 'payment 10000; paid'],
    ['more than the price', 10_001n, 0n, 'payment 10000 + overpayment 1; over 1; paid'],
    ['less than was asked', 9_989n, 0n, 'partial 9989; short 1'],
    ['more than an earlier part left of the price', 5_000n, 5_001n, 'payment 4999 + overpayment 1; over 1; paid'],
  ])('takes up to the price where less was asked for: %s', (_, amountAtomic, paidAtomic, expected) => {
    expect(told(buildTransfer({ amountAtomic }), buildCandidate({ dueAtomic: 9_990n, paidAtomic }))).toBe(expected);
  });

  it.each([null, buildCandidate()])('books nothing for a transfer of nothing, whatever it names (A15)', (candidate) => {
    expect(told(buildTransfer({ amountAtomic: 0n }), candidate)).toBe('nothing');
    expect(told(buildTransfer({ amountAtomic: 0n, isFromOwnWallet: true }), candidate)).toBe('nothing');
  });

  it.each([null, buildCandidate()])('never counts our own money as income, whatever it names (I09)', (candidate) => {
    expect(told(buildTransfer({ isFromOwnWallet: true }), candidate)).toBe('self 10000');
    expect(told(buildTransfer({ isFromOwnWallet: true, isToOwnWallet: false }), candidate)).toBe('sweep 10000');
  });

  it('refuses an attempt status that does not exist', () => {
    const foreign: AttemptStatus = JSON.parse('"settled"');
    expect(() => matchTransfer(buildTransfer(), buildCandidate({ attemptStatus: foreign }))).toThrow(AssertionFailed);
  });
});

describe('any match', () => {
  const amountAtomic = fc.bigInt({ min: 0n, max: 20_000n });
  const anyTransfer: fc.Arbitrary<MatchableTransfer> = fc.record({
    amountAtomic,
    isFromOwnWallet: fc.boolean(),
    isToOwnWallet: fc.boolean(),
  });
  const anyCandidate: fc.Arbitrary<MatchCandidate> = fc
    .record({
      intentId: fc.constant(buildCandidate().intentId),
      attemptStatus: fc.constantFrom(...attemptStatuses),
      dueAtomic: amountAtomic,
      offAtomic: fc.bigInt({ min: 0n, max: 999n }),
      paidAtomic: amountAtomic,
      matchedBy: fc.constantFrom('nonce', 'tx_hash', 'amount'),
    })
    .map(({ offAtomic, ...candidate }) => ({ ...candidate, priceAtomic: candidate.dueAtomic + offAtomic }));

  it('puts every unit in exactly one bucket: legs are positive and sum to the transfer (I02, I06)', () => {
    fc.assert(
      fc.property(anyTransfer, fc.option(anyCandidate), (transfer, candidate) => {
        const { legs } = matchTransfer(transfer, candidate);
        expect(legs.reduce((sum, leg) => sum + leg.amountAtomic, 0n)).toBe(transfer.amountAtomic);
        for (const leg of legs) expect(leg.amountAtomic > 0n).toBe(true);
      }),
    );
  });

  it('credits one intent at most, the one its key names, and never more than its price (I02)', () => {
    fc.assert(
      fc.property(anyTransfer, anyCandidate, (transfer, candidate) => {
        const paying = matchTransfer(transfer, candidate).legs.filter((leg) => isPaymentBucket(leg.bucket));
        const payingAtomic = paying.reduce((sum, leg) => sum + leg.amountAtomic, 0n);
        const openAtomic = candidate.priceAtomic - candidate.paidAtomic;
        expect(paying.length).toBeLessThanOrEqual(1);
        for (const leg of paying) expect(leg.intentId).toBe(candidate.intentId);
        expect(payingAtomic <= (openAtomic > 0n ? openAtomic : 0n)).toBe(true);
      }),
    );
  });

  it('pays an attempt exactly when it is in flight and its intent is paid in full with this transfer', () => {
    fc.assert(
      fc.property(anyTransfer, anyCandidate, (transfer, candidate) => {
        const openAtomic = candidate.dueAtomic - candidate.paidAtomic;
        const isFilled = transfer.amountAtomic > 0n && transfer.amountAtomic >= openAtomic && !transfer.isFromOwnWallet;
        const isPaid = inFlight.includes(candidate.attemptStatus) && isFilled;
        expect(matchTransfer(transfer, candidate).isAttemptPaid).toBe(isPaid);
      }),
    );
  });

  it('leaves no money outside payment and our own movements without a record that says so', () => {
    fc.assert(
      fc.property(anyTransfer, fc.option(anyCandidate), (transfer, candidate) => {
        const { legs, discrepancies } = matchTransfer(transfer, candidate);
        const odd = legs.filter((leg) => !['payment', 'self', 'sweep'].includes(leg.bucket));
        expect(discrepancies).toHaveLength(odd.length);
      }),
    );
  });
});
