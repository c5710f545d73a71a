import type { PaymentIntent } from '@tollbook/contract';
import { describe, expect, it } from 'vitest';
import { livePayments, mergeLivePayments, withNewPayments } from './merge-live-payments.js';

const idOf = (letter: string) => `pi_${letter.repeat(26)}`;

function payment(letter: string, changes: Partial<PaymentIntent> = {}): PaymentIntent {
  return {
    id: idOf(letter),
    invoiceId: `inv_${'a'.repeat(80)}`,
    invoiceNumber: null,
    mode: 'test',
    status: 'processing',
    failureReason: null,
    amount: '0.01',
    amountAtomic: '10000',
    asset: 'USDC',
    network: 'eip155:84532',
    endpointId: null,
    payer: '0xabc',
    txHash: null,
    amountRefunded: '0',
    discrepancies: [],
    metadata: null,
    createdAt: '2026-11-20T12:00:00.000Z',
    confirmedAt: null,
    finalAt: null,
    ...changes,
  };
}

function message(data: PaymentIntent) {
  const event = {
    id: `evt_${'a'.repeat(26)}`,
    type: 'payment_intent.confirmed',
    timestamp: '2026-11-20T12:00:01.000Z',
    apiVersion: '2026-11-20',
    mode: 'test',
    sequence: 2,
    position: 7,
    data,
  };
  return { type: event.type, data: event, id: '7' };
}

const pages = (...rows: PaymentIntent[]) => ({ pages: [{ data: rows, nextCursor: null }], pageParams: [null] });

describe('livePayments', () => {
  it('keeps what was said last of each payment', () => {
    const said = livePayments([message(payment('a')), message(payment('a', { status: 'final' }))]);
    expect(said.map(({ id, status }) => [id, status])).toEqual([[idOf('a'), 'final']]);
  });

  it('leaves out what nobody tried to pay, and what it cannot read', () => {
    expect(livePayments([message(payment('a', { payer: null })), { type: 'x', data: { id: 1 }, id: null }])).toEqual(
      [],
    );
  });
});

describe('mergeLivePayments', () => {
  it('changes a row in its place and moves none', () => {
    const before = pages(payment('b'), payment('a'));
    const { pages: after, unseen } = mergeLivePayments(before, [payment('a', { status: 'final' })]);
    expect(after.pages[0]?.data.map(({ id, status }) => [id, status])).toEqual([
      [idOf('b'), 'processing'],
      [idOf('a'), 'final'],
    ]);
    expect(unseen).toEqual([]);
  });

  it('hands out what is new, and puts it at the top when told', () => {
    const { pages: after, unseen } = mergeLivePayments(pages(payment('a')), [payment('c')]);
    expect(after.pages[0]?.data).toHaveLength(1);
    expect(withNewPayments(after, unseen).pages[0]?.data.map(({ id }) => id)).toEqual([idOf('c'), idOf('a')]);
  });
});
