import { describe, expect, it } from 'vitest';
import { intentStatuses } from '../payment/intent.js';
import { discrepancyKinds } from '../reconciliation/discrepancy.js';
import { refundStatuses } from '../reconciliation/refund.js';
import { booksEventType, discrepancyEventType, eventTypes, statusEventType } from './webhook-event.js';

describe('event types', () => {
  it('name the status an intent reached, and its birth where it was stored as open', () => {
    expect(intentStatuses.map(statusEventType)).toEqual([
      'payment_intent.created',
      'payment_intent.processing',
      'payment_intent.confirmed',
      'payment_intent.final',
      'payment_intent.unknown',
      'payment_intent.failed',
      'payment_intent.expired',
      'payment_intent.canceled',
    ]);
  });

  it('name each discrepancy, and money that fits nothing as a transfer', () => {
    expect(discrepancyKinds.map(discrepancyEventType)).toEqual([
      'payment_intent.late',
      'payment_intent.short',
      'payment_intent.over',
      'payment_intent.duplicate',
      'payment_intent.reorged',
      'transfer.unmatched',
      'transfer.unmatched_outflow',
      'payment_intent.paid_not_served',
      'payment_intent.served_not_paid',
    ]);
  });

  it('never share a name between a status and a discrepancy', () => {
    const names = [...intentStatuses.map(statusEventType), ...discrepancyKinds.map(discrepancyEventType)];
    expect(new Set(names).size).toBe(names.length);
  });

  it('are listed once each, the test event last', () => {
    expect(new Set(eventTypes).size).toBe(eventTypes.length);
    expect(eventTypes.at(-1)).toBe('webhook.test');
    expect(eventTypes).toHaveLength(intentStatuses.length + discrepancyKinds.length + refundStatuses.length + 7);
  });

  it('tell of the books only what changed since they were last compared', () => {
    expect(booksEventType(null, 0n)).toBeNull();
    expect(booksEventType(null, 5n)).toBe('books.differ');
    expect(booksEventType(5n, 5n)).toBeNull();
    expect(booksEventType(5n, -5n)).toBe('books.differ');
    expect(booksEventType(5n, 0n)).toBe('books.agree');
  });
});
