import { describe, expect, it } from 'vitest';
import { isSamePayment } from './is-same-payment.js';

const transfer = { toWalletId: 'till', assetId: 1, amountAtomic: 10_000n };
const terms = { walletId: 'till', assetId: 1 };
const attempt = { kind: 'authorization', amountAtomic: 10_000n } as const;

describe('isSamePayment', () => {
  it('knows the transfer that was signed for', () => {
    expect(isSamePayment(transfer, terms, attempt)).toBe(true);
  });

  it.each([
    ['another of our wallets', { ...transfer, toWalletId: 'safe' }],
    ['no wallet of ours', { ...transfer, toWalletId: null }],
    ['the wallet in another asset', { ...transfer, assetId: 2 }],
    ['the wallet with one unit less than signed', { ...transfer, amountAtomic: 9_999n }],
    ['the wallet with one unit more than signed', { ...transfer, amountAtomic: 10_001n }],
  ])('takes what went to %s for another payment', (_where, other) => {
    expect(isSamePayment(other, terms, attempt)).toBe(false);
  });

  it('asks a shown transaction for wallet and asset alone, since nothing was signed for an amount', () => {
    const shown = { kind: 'transfer', amountAtomic: 10_000n } as const;
    expect(isSamePayment({ ...transfer, amountAtomic: 9_999n }, terms, shown)).toBe(true);
    expect(isSamePayment({ ...transfer, toWalletId: 'safe' }, terms, shown)).toBe(false);
  });
});
