import type { AttemptStatus } from '../payment/attempt.js';
import type { IntentStatus } from '../payment/intent.js';
import { type Match, matchTransfer } from './match-transfer.js';

/** A payment that a person wants to give money to, and the money. */
export type HandMatchInput = {
  readonly amountAtomic: bigint;
  /** Whether no block can take the transfer back: what a person decides is not undone by a reorg. */
  readonly isFinal: boolean;
  readonly isSameAsset: boolean;
  /** Whether it came to the wallet of the payment's frozen terms. */
  readonly isSameWallet: boolean;
  readonly intentId: string;
  readonly intentStatus: IntentStatus;
  /** Whether an attempt of its own is running, whose money may still come. */
  readonly isBeingTried: boolean;
  readonly dueAtomic: bigint;
  readonly priceAtomic: bigint;
  readonly paidAtomic: bigint;
  /** How small a difference opens nothing; 0 where it is left out. */
  readonly tolerance?: bigint;
};

export type HandRefusal = 'transfer_not_final' | 'asset_mismatch' | 'wallet_mismatch' | 'payment_in_progress';
export type HandMatch =
  | { readonly kind: 'matched'; readonly match: Match }
  | { readonly kind: 'refused'; readonly reason: HandRefusal };

/** What the intent's state is to the money: as if an attempt of its own had come so far. */
const standing: Readonly<Record<IntentStatus, AttemptStatus | null>> = {
  open: 'submitted',
  processing: null,
  unknown: null,
  confirmed: 'confirmed',
  final: 'final',
  failed: 'failed',
  expired: 'failed',
  canceled: 'failed',
};

/**
 * Gives money to a payment by a person's word (B4). It may come short or over; to what is paid it is a duplicate, and to
 * what has ended it is late: ended states absorb (I19).
 */
export function matchByHand(input: HandMatchInput): HandMatch {
  const attemptStatus = standing[input.intentStatus];
  if (!input.isFinal) return { kind: 'refused', reason: 'transfer_not_final' };
  if (!input.isSameAsset) return { kind: 'refused', reason: 'asset_mismatch' };
  if (!input.isSameWallet) return { kind: 'refused', reason: 'wallet_mismatch' };
  if (attemptStatus === null || input.isBeingTried) return { kind: 'refused', reason: 'payment_in_progress' };
  const { amountAtomic, intentId, dueAtomic, priceAtomic, paidAtomic } = input;
  const transfer = { amountAtomic, isFromOwnWallet: false, isToOwnWallet: true };
  const candidate = { intentId, attemptStatus, dueAtomic, priceAtomic, paidAtomic, matchedBy: 'hand' as const };
  return { kind: 'matched', match: matchTransfer(transfer, candidate, input.tolerance) };
}
