import { describe, expect, it } from 'vitest';
import { type PostableAllocation, postConfirmed, postFinal, postLoss, postReversal } from '../ledger/post-payment.js';
import type { AllocationBucket } from '../payment/allocation.js';
import { countEntry } from './rollup.js';

function allocation(bucket: AllocationBucket): PostableAllocation {
  const network = 'eip155:84532';
  return {
    allocationId: 'a',
    bucket,
    amountAtomic: 700n,
    assetId: 1,
    intentId: 'i',
    endpointId: 'e',
    wallet: { type: 'wallet', network, address: '0x1', walletId: 'w' },
    otherWallet: null,
    network,
    blockNumber: 5n,
    effectiveAtUnixSeconds: 1_795_172_399,
    localDay: '2026-11-20',
    factsHash: new Uint8Array(32),
  };
}

const lines = (entry: Parameters<typeof countEntry>[1] | null) =>
  entry === null
    ? []
    : countEntry(1, entry).map((each) => `${each.outcome} ${each.count} ${each.amountAtomic} ${each.endpointId}`);

describe('countEntry', () => {
  it('moves a payment from confirmed to final, and back', () => {
    const confirmed = postConfirmed(allocation('payment'));
    expect(lines(confirmed)).toEqual(['confirmed 1 700 e']);
    expect(lines(postFinal(allocation('payment')))).toEqual(['confirmed -1 -700 e', 'final 1 700 e']);
    expect(lines(postReversal(confirmed))).toEqual(['confirmed -1 -700 e']);
  });

  it('counts the money of a payment that came short, not the payment', () => {
    expect(lines(postConfirmed(allocation('partial')))).toEqual(['confirmed 0 700 e']);
  });

  it.each(['late', 'overpayment', 'duplicate', 'unmatched', 'dust'] as const)('counts %s money apart', (bucket) => {
    expect(lines(postConfirmed(allocation(bucket)))).toEqual([`${bucket} 1 700 null`]);
    expect(lines(postFinal(allocation(bucket)))).toEqual([]);
  });

  it('counts neither what left nor what was lost', () => {
    expect(lines(postConfirmed(allocation('sweep')))).toEqual([]);
    const at = { effectiveAtUnixSeconds: 1, localDay: '2026-11-20' };
    expect(lines(postLoss({ attemptId: 'a', intentId: 'i', assetId: 1, amountAtomic: 1n, ...at }))).toEqual([]);
  });

  it('keeps the day of the entry, and its hour', () => {
    const [change] = countEntry(1, postConfirmed(allocation('payment')));
    expect([change?.day, change?.hourUnixSeconds]).toEqual(['2026-11-20', 1_795_168_800]);
  });
});
