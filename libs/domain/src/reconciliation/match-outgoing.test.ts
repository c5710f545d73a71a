import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchOutgoing, matchRefund, type RefundCandidate } from './match-outgoing.js';

const transfer = { amountAtomic: 10n, blockNumber: 9n, txHash: '0xaa', isToPayer: false };

function candidate(changes: Partial<RefundCandidate> = {}): RefundCandidate {
  return { refundId: 'r1', intentId: 'i1', namedTxHash: null, afterBlock: 8n, ...changes };
}

describe('matchRefund', () => {
  it.each<[string, RefundCandidate[], string | null]>([
    ['the one that waits', [candidate()], 'r1'],
    ['none that was announced after the block', [candidate({ afterBlock: 9n })], null],
    [
      'one that names its transaction, whenever it was announced',
      [candidate({ namedTxHash: '0xaa', afterBlock: 99n })],
      'r1',
    ],
    ['none that names another transaction', [candidate({ namedTxHash: '0xbb' })], null],
    [
      'the named one before all others',
      [candidate(), candidate({ refundId: 'r2', intentId: 'i2', namedTxHash: '0xaa' })],
      'r2',
    ],
    ['the oldest of one payment', [candidate(), candidate({ refundId: 'r2' })], 'r1'],
    ['none of two payments', [candidate(), candidate({ refundId: 'r2', intentId: 'i2' })], null],
    ['none of none', [], null],
  ])('finds %s', (_name, candidates, refundId) => {
    const found = matchRefund(transfer, candidates);
    expect(found.kind === 'matched' ? found.refund.refundId : null).toBe(refundId);
  });
});

describe('matchOutgoing', () => {
  it('has every unit in a bucket, whatever was found', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 99n }), fc.nat(99), fc.boolean(), (amountAtomic, share, isToPayer) => {
        const returned = (amountAtomic * BigInt(share)) / 99n;
        for (const found of [
          { kind: 'none' } as const,
          { kind: 'ambiguous' } as const,
          { kind: 'matched', refund: candidate(), matchedBy: 'amount' } as const,
        ]) {
          const { legs } = matchOutgoing({ ...transfer, amountAtomic, isToPayer }, found, returned);
          expect(legs.reduce((sum, leg) => sum + leg.amountAtomic, 0n)).toBe(amountAtomic);
          expect(legs.every((leg) => leg.amountAtomic > 0n)).toBe(true);
        }
      }),
    );
  });

  it('asks about what went to a payer, or fits two refunds, and about nothing else', () => {
    const opened = (isToPayer: boolean, kind: 'none' | 'ambiguous') =>
      matchOutgoing({ ...transfer, isToPayer }, { kind }, 0n).discrepancies.map((each) => each.kind);
    expect(opened(false, 'none')).toEqual([]);
    expect(opened(true, 'none')).toEqual(['unmatched_outflow']);
    expect(opened(false, 'ambiguous')).toEqual(['unmatched_outflow']);
  });
});
