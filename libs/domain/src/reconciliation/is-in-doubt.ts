import type { AttemptStatus } from '../payment/attempt.js';
import { isPaid } from '../payment/intent.js';
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
