import type { PaymentDetail } from '@tollbook/contract';
import { expect, it } from 'vitest';
import { hasMoneyCome } from './has-money-come.js';

const transfer = (stage: PaymentDetail['transfers'][number]['stage']) =>
  ({ stage }) as PaymentDetail['transfers'][number];

it('is told of a payment that failed and has a transfer in the chain', () => {
  expect(hasMoneyCome({ status: 'failed', transfers: [transfer('final')] })).toBe(true);
  expect(hasMoneyCome({ status: 'expired', transfers: [transfer('orphaned'), transfer('confirmed')] })).toBe(true);
});

it('is told of none without one, and of none that is paid', () => {
  expect(hasMoneyCome({ status: 'failed', transfers: [] })).toBe(false);
  expect(hasMoneyCome({ status: 'failed', transfers: [transfer('orphaned')] })).toBe(false);
  expect(hasMoneyCome({ status: 'final', transfers: [transfer('final')] })).toBe(false);
});
