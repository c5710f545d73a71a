import { type IntentStatus, intentStatuses } from '../payment/intent.js';
import { type DiscrepancyKind, discrepancyKinds } from '../reconciliation/discrepancy.js';
import { type RefundStatus, refundStatuses } from '../reconciliation/refund.js';

/**
 * What merchants are told: one type per status an intent reaches, per discrepancy, for money nobody expected, for
 * refunds, for what people do about a discrepancy, for books that differ from the chain, and for a webhook endpoint that
 * we stopped telling.
 * `webhook.test` is told to one endpoint, on demand.
 */
export type EventType =
  | `payment_intent.${Exclude<IntentStatus, 'open'>}`
  | 'payment_intent.created'
  | `payment_intent.${Exclude<DiscrepancyKind, 'unmatched' | 'unmatched_outflow'>}`
  | 'transfer.unmatched'
  | 'transfer.unmatched_outflow'
  | RefundEventType
  | CaseEventType
  | BooksEventType
  | 'webhook_endpoint.disabled'
  | 'webhook.test';

/** How far a refund came; `reorged`: the chain took its transfer back. */
export type RefundEventType = `refund.${RefundStatus | 'reorged'}`;

/** What a person does about a discrepancy. */
export type CaseEventType = 'discrepancy.updated' | 'discrepancy.closed';

/** That a proof found the books and the chain apart, or together again. */
export type BooksEventType = 'books.differ' | 'books.agree';

/**
 * What a proof has to tell after the one before it, by the differences that they found; null where nothing changed. A
 * wallet that was never proved agreed.
 */
export function booksEventType(beforeAtomic: bigint | null, nowAtomic: bigint): BooksEventType | null {
  if (nowAtomic === (beforeAtomic ?? 0n)) return null;
  return nowAtomic === 0n ? 'books.agree' : 'books.differ';
}

/** The event that tells a new status. `open` is told only at birth, and only by stored intents. */
export function statusEventType(status: IntentStatus): EventType {
  return status === 'open' ? 'payment_intent.created' : `payment_intent.${status}`;
}

/** The event that tells an opened discrepancy. */
export function discrepancyEventType(kind: DiscrepancyKind): EventType {
  return kind === 'unmatched' || kind === 'unmatched_outflow' ? `transfer.${kind}` : `payment_intent.${kind}`;
}

/** The event that tells the other endpoints of one that we disabled. */
export const disabledEventType: EventType = 'webhook_endpoint.disabled';

/** The event that a person sends to see whether an endpoint answers. */
export const testEventType: EventType = 'webhook.test';

/** Every type there is, in the order that documents list them. */
export const eventTypes: readonly EventType[] = [
  ...new Set<EventType>([
    ...intentStatuses.map(statusEventType),
    ...discrepancyKinds.map(discrepancyEventType),
    ...refundStatuses.map((status): RefundEventType => `refund.${status}`),
    'refund.reorged',
    'discrepancy.updated',
    'discrepancy.closed',
    'books.differ',
    'books.agree',
    disabledEventType,
    testEventType,
  ]),
];
