import { assert } from '../assert.js';
import { never } from '../never.js';
import type { AllocationBucket } from '../payment/allocation.js';
import type { Account } from './account.js';
import type { EntryDraft, EntryKind, Posting } from './entry.js';

/** An allocation and what its posting needs to know. */
export type PostableAllocation = {
  readonly allocationId: string;
  readonly bucket: AllocationBucket;
  readonly amountAtomic: bigint;
  readonly assetId: number;
  readonly intentId: string | null;
  readonly endpointId: string | null;
  /** Our wallet that the transfer reached, or left (sweep, refund); for `self` the receiving one if it is ours. */
  readonly wallet: Extract<Account, { type: 'wallet' }>;
  /** The other own wallet of a `self` movement, null when the other side is the owner's own outside wallet. */
  readonly otherWallet: Extract<Account, { type: 'wallet' }> | null;
  /** Whether a refund returns money that was owed, and not what was earned. */
  readonly isOwed?: boolean;
  readonly network: string;
  readonly blockNumber: bigint;
  readonly effectiveAtUnixSeconds: number;
  readonly localDay: string;
  /** Of the allocation and its transfer. */
  readonly factsHash: Uint8Array;
};

/**
 * The entry for an allocation whose transfer reached its confirmed depth. Pending stands on the income side, so that a
 * wallet account equals the chain from its first entry.
 */
export function postConfirmed(allocation: PostableAllocation): EntryDraft {
  return draft(allocation, `${allocation.bucket}_confirmed`, confirmedPostings(allocation));
}

/** The entry that turns pending into income once the transfer is final; null for money that is no income. */
export function postFinal(allocation: PostableAllocation): EntryDraft | null {
  if (allocation.bucket !== 'payment' && allocation.bucket !== 'partial') return null;
  const { endpointId } = allocation;
  const sides: Sides = [
    { type: 'pending', endpointId },
    { type: 'income', endpointId },
  ];
  return draft(allocation, `${allocation.bucket}_final`, [sides]);
}

/** The entry that undoes `entry` after a reorg: the same block, the sides swapped. Nothing is ever deleted. */
export function postReversal(entry: EntryDraft): EntryDraft {
  assert(entry.kind.endsWith('_confirmed') || entry.kind.endsWith('_final'), 'only allocation entries are reversed');
  return {
    ...entry,
    kind: `${entry.kind}_reversed` as EntryKind,
    postings: entry.postings.map((posting) => ({ ...posting, debit: posting.credit, credit: posting.debit })),
  };
}

/** Value served for a payment that the chain has proved will not come: outside the proof of the books. */
export function postLoss(loss: {
  readonly attemptId: string;
  readonly intentId: string;
  readonly assetId: number;
  readonly amountAtomic: bigint;
  readonly effectiveAtUnixSeconds: number;
  readonly localDay: string;
}): EntryDraft {
  const { assetId, amountAtomic } = loss;
  const sides = { debit: { type: 'served_not_paid_loss' }, credit: { type: 'served_not_paid_claim' } } as const;
  return {
    kind: 'loss',
    causeKind: 'attempt',
    causeId: loss.attemptId,
    intentId: loss.intentId,
    network: null,
    blockNumber: null,
    effectiveAtUnixSeconds: loss.effectiveAtUnixSeconds,
    localDay: loss.localDay,
    factsHash: null,
    postings: [{ ...sides, assetId, amountAtomic }],
  };
}

type Sides = readonly [debit: Account, credit: Account];

/** One posting, but for what a wallet sent to itself: that came in and went out, and no posting has one account twice. */
function confirmedPostings(allocation: PostableAllocation): readonly Sides[] {
  const { wallet, otherWallet } = allocation;
  if (wallet.walletId !== otherWallet?.walletId) return [confirmedSides(allocation)];
  return [
    [wallet, { type: 'self_funding' }],
    [{ type: 'self_funding' }, wallet],
  ];
}

function confirmedSides(allocation: PostableAllocation): Sides {
  const { wallet, bucket, endpointId } = allocation;
  switch (bucket) {
    case 'payment':
    case 'partial':
      return [wallet, { type: 'pending', endpointId }];
    case 'overpayment':
    case 'late':
    case 'duplicate':
      return [wallet, { type: 'overpayment' }];
    case 'unmatched':
    case 'dust':
      return [wallet, { type: 'unmatched' }];
    case 'self':
      return [wallet, allocation.otherWallet ?? { type: 'self_funding' }];
    case 'refund':
      return [{ type: allocation.isOwed ? 'overpayment' : 'refunds' }, wallet];
    case 'sweep':
      return [{ type: 'external', label: 'unlabelled' }, wallet];
    default:
      return never(bucket);
  }
}

function draft(allocation: PostableAllocation, kind: EntryKind, sides: readonly Sides[]): EntryDraft {
  const { assetId, amountAtomic } = allocation;
  const postings = sides.map(([debit, credit]): Posting => ({ debit, credit, assetId, amountAtomic }));
  assert(amountAtomic > 0n, 'a posting moves money');
  return {
    kind,
    causeKind: 'allocation',
    causeId: allocation.allocationId,
    intentId: allocation.intentId,
    network: allocation.network,
    blockNumber: allocation.blockNumber,
    effectiveAtUnixSeconds: allocation.effectiveAtUnixSeconds,
    localDay: allocation.localDay,
    factsHash: allocation.factsHash,
    postings,
  };
}
