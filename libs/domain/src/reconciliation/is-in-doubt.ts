import type { AttemptStatus } from '../payment/attempt.js';
import { type IntentSource, type IntentStatus, isPaid } from '../payment/intent.js';
import type { DiscrepancyKind } from './discrepancy.js';

/** What is wrong where service and money do not go together. */
type ServiceDoubt = Extract<DiscrepancyKind, 'paid_not_served' | 'served_not_paid'>;

/**
 * Whether an attempt, looked at when its time was up, belongs on record as paid but not served (its money came or is on
 * its way, its last byte is not recorded), or as served but not paid (the reverse, and not known to have failed).
 */
export function isInDoubt(
  attempt: { readonly status: AttemptStatus; readonly servedAtMs: number | null },
  kind: ServiceDoubt,
): boolean {
  const { status } = attempt;
  const isServed = attempt.servedAtMs !== null;
  if (kind === 'paid_not_served') return !isServed && (isPaid(status) || status === 'submitted');
  return isServed && !isPaid(status) && status !== 'failed';
}

/**
 * Whether an intent, looked at when its time was up, was paid by a transfer whose buyer never came for what it bought:
 * the offer of an endpoint, whose work begins when it is asked for. What a merchant's own intents buy is delivered by
 * the merchant, who is told that they are paid.
 */
export function isNotFetched(intent: {
  readonly source: IntentSource;
  readonly endpointId: string | null;
  readonly status: IntentStatus;
  readonly attempts: readonly { readonly status: AttemptStatus }[];
}): boolean {
  const isSold = intent.source !== 'api' && intent.endpointId !== null;
  return isSold && isPaid(intent.status) && intent.attempts.every(({ status }) => status === 'failed');
}
