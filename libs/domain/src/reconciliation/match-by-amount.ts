import type { AttemptStatus } from '../payment/attempt.js';
import type { IntentStatus } from '../payment/intent.js';
import { lastTransferUnixSeconds } from './judge-shown-transfer.js';
import type { MatchCandidate } from './match-transfer.js';
import { type AmountPromise, namesItsInvoice } from './reserve-amount.js';

/** An invoice that was asked to be paid by a transfer of one amount, and the transfer that has this amount. */
export type AmountMatchInput = {
  readonly blockNumber: bigint;
  readonly blockTimeUnixSeconds: number;
  readonly promise: AmountPromise;
  readonly expiresAtUnixSeconds: number;
  readonly intentId: string;
  readonly intentStatus: IntentStatus;
  readonly dueAtomic: bigint;
  readonly priceAtomic: bigint;
  readonly paidAtomic: bigint;
};

/**
 * What the intent's state is to money that names it, as if an attempt of its own had come so far. An attempt that is
 * still under way changes nothing: this money is here, and whatever comes after it is a duplicate.
 */
const standing: Readonly<Record<IntentStatus, AttemptStatus>> = {
  open: 'submitted',
  processing: 'submitted',
  unknown: 'submitted',
  confirmed: 'confirmed',
  final: 'final',
  failed: 'failed',
  expired: 'failed',
  canceled: 'failed',
};

/** The invoice that a transfer names by its amount (B2), or null. */
export function matchByAmount(input: AmountMatchInput): MatchCandidate | null {
  if (!namesItsInvoice(input.blockNumber, input.promise)) return null;
  const { intentId, dueAtomic, priceAtomic, paidAtomic } = input;
  const isInTime = input.blockTimeUnixSeconds <= lastTransferUnixSeconds(input.expiresAtUnixSeconds);
  const status = standing[input.intentStatus];
  const attemptStatus = status === 'submitted' && !isInTime ? 'failed' : status;
  return { intentId, attemptStatus, dueAtomic, priceAtomic, paidAtomic, matchedBy: 'amount' };
}
