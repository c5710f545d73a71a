import { discrepancyKinds, intentStatuses } from '@tollbook/domain';
import { describe, expect, it } from 'vitest';
import { buildPaymentIntent } from '../test/build-payment.js';
import { discrepancyKindSchema } from './discrepancy.js';
import {
  paymentIntentListQuerySchema,
  paymentIntentListSchema,
  paymentIntentSchema,
  paymentIntentStatusSchema,
} from './payment-intent.js';

describe('paymentIntentSchema', () => {
  it('takes an intent of which little is known yet, and one of which all is', () => {
    const early = { invoiceNumber: null, payer: null, txHash: null, metadata: null, confirmedAt: null, finalAt: null };
    expect(paymentIntentSchema.parse(buildPaymentIntent())).toEqual(buildPaymentIntent());
    expect(paymentIntentSchema.safeParse(buildPaymentIntent({ ...early, status: 'open' })).success).toBe(true);
  });

  it('has the fields of the outside contract, no more and no less', () => {
    expect(Object.keys(paymentIntentSchema.shape).sort()).toEqual(
      [
        [
          'id',
          'invoiceId',
          'invoiceNumber',
          'mode',
          'status',
          'failureReason',
          'amount',
          'amountAtomic',
          'asset',
          'network',
        ],
        ['endpointId', 'payer', 'txHash', 'amountRefunded', 'discrepancies', 'metadata'],
        ['createdAt', 'confirmedAt', 'finalAt'],
      ]
        .flat()
        .sort(),
    );
  });

  it('is tolerant: a field that a later release adds is no error', () => {
    const answer = { data: [buildPaymentIntent({ addedLater: 1 })], nextCursor: null };
    expect(paymentIntentListSchema.parse(answer).data).toEqual([buildPaymentIntent()]);
  });

  it.each([
    ['an amount as a number', { amountAtomic: 10_000 }],
    ['an amount with padding', { amount: '0.010' }],
    ['an amount with an exponent', { amount: '1e-2' }],
    ['a negative amount', { amountAtomic: '-1' }],
    ['a status that is not one', { status: 'paid' }],
    ['a foreign id', { id: 'pi_123' }],
    ['a time without a zone', { createdAt: '2026-11-20T12:00:00' }],
    ['a missing field', { payer: undefined }],
  ])('refuses %s', (_, changes) => {
    expect(paymentIntentSchema.safeParse(buildPaymentIntent(changes)).success).toBe(false);
  });

  it('knows the same statuses and discrepancies as the domain', () => {
    expect(paymentIntentStatusSchema.options).toEqual(intentStatuses);
    expect(discrepancyKindSchema.options).toEqual(discrepancyKinds);
  });
});

describe('paymentIntentListQuerySchema', () => {
  it('shows 20 when it is not told', () => {
    expect(paymentIntentListQuerySchema.parse({})).toEqual({ limit: 20 });
  });

  it('reads limit, cursor and status', () => {
    const query = { limit: '100', after: 'pi_abc', status: 'unknown' };
    expect(paymentIntentListQuerySchema.parse(query)).toEqual({ ...query, limit: 100 });
  });

  it.each([
    ['an unknown parameter', { page: '2' }],
    ['a limit of 0', { limit: '0' }],
    ['a limit of 101', { limit: '101' }],
    ['a limit that is no number', { limit: '1e1' }],
    ['a parameter given twice', { limit: ['1', '2'] }],
    ['an unknown status', { status: 'paid' }],
    ['a cursor that is not ours', { after: "' or 1=1" }],
    ['an empty cursor', { after: '' }],
  ])('refuses %s', (_, query) => {
    expect(paymentIntentListQuerySchema.safeParse(query).success).toBe(false);
  });
});
