import { intentStatuses } from '@tollbook/domain';
import { describe, expect, it } from 'vitest';
import type { InvoiceSubject, InvoiceView } from './invoice-view.js';
import { notFoundPage, payPage } from './pay-page.template.js';

const network = 'eip155:84532';

function buildView(changes: Partial<InvoiceView> = {}): InvoiceView {
  return {
    invoiceId: 'inv_abc',
    status: 'open',
    invoiceNumber: null,
    accepts: [
      {
        network,
        asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
        currency: 'USDC',
        address: '0x1111111111111111111111111111111111111111',
        amount: '0.01',
        amountAtomic: '10000',
      },
    ],
    expiresAt: '2026-11-20T10:05:00.000Z',
    transfer: null,
    txHash: null,
    missing: null,
    retrySamePayload: false,
    checkedAt: '2026-11-20T10:00:00.000Z',
    ...changes,
  };
}

const subject: InvoiceSubject = {
  mode: 'test',
  what: 'GET /weather',
  description: '',
  walletNetworks: [network],
  isOffer: true,
  isPaidByTransfer: true,
  fetchPath: '/g/demo/weather',
};

describe('payPage', () => {
  it('says what is due, and lets a person open it for a wallet', () => {
    const page = payPage(buildView(), subject);
    expect(page).toContain('<h1>0.01 USDC</h1>');
    expect(page).toContain(`data-open="${network}"`);
    expect(page).toContain('Base Sepolia (test network)');
    expect(page).toContain('Test mode');
  });

  it('shows where to only with an amount that names the invoice', () => {
    const address = '0x1111111111111111111111111111111111111111';
    expect(payPage(buildView(), subject)).not.toContain(address);
    expect(payPage(buildView(), subject)).not.toContain('class="qr"');
    const { accepts } = buildView();
    const transfer = accepts.map((way) => ({ ...way, amount: '0.009997', amountAtomic: '9997' }))[0] ?? null;
    const page = payPage(buildView({ transfer }), subject);
    expect(page).toContain('<h1>0.01 USDC</h1>');
    expect(page).toContain('data-copy="0.009997"');
    expect(page).toContain(`data-copy="${address}"`);
    expect(page).toContain('<svg class="qr"');
    expect(page).not.toContain('data-open');
  });

  it('holds no script and no style of its own, so that its policy can forbid them', () => {
    for (const status of intentStatuses) {
      const page = payPage(buildView({ status }), subject);
      expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]* src=)/);
    }
  });

  it.each(intentStatuses.filter((status) => status !== 'open'))('invites nobody to pay what is %s', (status) => {
    const page = payPage(buildView({ status, txHash: '0xabc', invoiceNumber: 'INV-2026-000001' }), subject);
    expect(page).not.toContain('class="qr"');
    expect(page).not.toContain('0x1111111111111111111111111111111111111111');
    expect(page).toContain(`data-status="${status}"`);
    expect(page).toContain('INV-2026-000001');
  });

  it('offers no transfer where its fee would be more than the sum', () => {
    expect(payPage(buildView(), { ...subject, walletNetworks: [] })).not.toContain('data-open');
  });

  it('invites nobody to pay once the time is over, whatever the status says', () => {
    const page = payPage(buildView({ checkedAt: '2026-11-20T10:05:00.000Z' }), subject);
    expect(page).toContain('Expired');
    expect(page).not.toContain('data-open');
  });

  it('speaks of a priced address only where there was one', () => {
    expect(payPage(buildView(), subject)).toContain('x402');
    expect(payPage(buildView(), { ...subject, isOffer: false })).not.toContain('x402');
  });

  it('lets whoever paid an offer get what it bought, and nobody before', () => {
    for (const status of intentStatuses) {
      const isPaid = status === 'confirmed' || status === 'final';
      const page = payPage(buildView({ status, txHash: '0xabc' }), subject);
      expect([status, page.includes('data-fetch="/g/demo/weather" data-invoice="inv_abc"')]).toEqual([status, isPaid]);
      expect(page.includes('X402-Invoice-Id: inv_abc')).toBe(isPaid);
    }
    const paid = buildView({ status: 'final' });
    expect(payPage(paid, { ...subject, fetchPath: null })).not.toContain('data-fetch');
    for (const change of [{ isOffer: false }, { isPaidByTransfer: false }]) {
      expect(payPage(paid, { ...subject, ...change })).not.toContain('What you paid for');
    }
  });

  it('invites nobody to pay again once a transfer is seen, and says what is missing of one that is short', () => {
    const { accepts } = buildView();
    const page = payPage(buildView({ transfer: accepts[0] ?? null, txHash: '0xabc' }), subject);
    expect(page).toContain('Payment seen');
    expect(page).toContain('data-tx="0xabc"');
    expect(page).not.toContain('class="qr"');
    expect(payPage(buildView(), subject)).not.toContain('is missing');
    const short = payPage(buildView({ missing: { amount: '0.004', currency: 'USDC' } }), subject);
    expect(short).toContain('0.004 USDC is missing');
  });

  it('takes a merchant’s words as text', () => {
    const page = payPage(buildView(), { ...subject, description: '<img src=x onerror=alert(1)>', what: 'GET /"><b>' });
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<b>');
  });
});

it('notFoundPage says nothing about the id that was asked for', () => {
  expect(notFoundPage()).toContain('No such invoice');
  expect(notFoundPage()).not.toContain('inv_');
});
