import { attemptStatuses } from '@tollbook/domain';
import { describe, expect, it } from 'vitest';
import { buildPaymentDetail, buildTransfer } from '../test/build-payment.js';
import { attemptStatusSchema, paymentDetailSchema } from './payment-detail.js';
import { transferSchema } from './transfer.js';

describe('paymentDetailSchema', () => {
  it('takes a payment with all that happened around it', () => {
    expect(paymentDetailSchema.parse(buildPaymentDetail())).toEqual(buildPaymentDetail());
  });

  it('takes a payment around which nothing happened yet', () => {
    const empty = {
      timeline: [],
      attempts: [],
      transfers: [],
      ledgerEntries: [],
      refunds: [],
      refundable: '0',
      deliveries: [],
    };
    expect(paymentDetailSchema.safeParse(buildPaymentDetail(empty)).success).toBe(true);
  });

  it.each([
    ['a list that is missing', { transfers: undefined }],
    [
      'an entry that moves nothing',
      { ledgerEntries: [{ entrySeq: 1, kind: 'loss', localDay: '2026-11-20', blockNumber: null, postings: [] }] },
    ],
    ['a timeline item without a title', { timeline: [{ at: '2026-11-20T12:00:00Z', type: 'x' }] }],
  ])('refuses %s', (_, changes) => {
    expect(paymentDetailSchema.safeParse(buildPaymentDetail(changes)).success).toBe(false);
  });

  it('knows the same attempt statuses as the domain', () => {
    expect(attemptStatusSchema.options).toEqual(attemptStatuses);
  });
});

describe('transferSchema', () => {
  it('says of a transfer that the chain left that it is orphaned', () => {
    expect(transferSchema.safeParse(buildTransfer({ stage: 'orphaned' })).success).toBe(true);
    expect(transferSchema.safeParse(buildTransfer({ stage: 'gone' })).success).toBe(false);
  });
});
