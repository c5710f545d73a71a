import type { IntentStatus } from '../payment/intent.js';
import type { DiscrepancyKind } from '../reconciliation/discrepancy.js';

/** What merchants are told: one type per status an intent reaches, per discrepancy, and for money nobody expected. */
export type EventType =
  | `payment_intent.${Exclude<IntentStatus, 'open'>}`
  | 'payment_intent.created'
  | `payment_intent.${Exclude<DiscrepancyKind, 'unmatched'>}`
  | 'transfer.unmatched';

/** The event that tells a new status. `open` is told only at birth, and only by stored intents. */
export function statusEventType(status: IntentStatus): EventType {
  return status === 'open' ? 'payment_intent.created' : `payment_intent.${status}`;
}

/** The event that tells an opened discrepancy. */
export function discrepancyEventType(kind: DiscrepancyKind): EventType {
  return kind === 'unmatched' ? 'transfer.unmatched' : `payment_intent.${kind}`;
}
