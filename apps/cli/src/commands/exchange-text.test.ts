import type { Answer } from '@tollbook/sandbox';
import { describe, expect, it } from 'vitest';
import { exchangeText } from './exchange-text.js';

const answer = (status: number, changes: Partial<Answer> = {}): Answer => ({
  status,
  headers: {},
  bodyText: '{"sky":"clear"}\n',
  paymentRequired: null,
  paymentResponse: null,
  ...changes,
});

describe('exchangeText', () => {
  it('tells offer, payment and result of a purchase', () => {
    const lines = exchangeText({
      offer: answer(402, {
        headers: { 'x402-amount': '0.01', 'x402-currency': 'USDC', 'x402-network': 'eip155:84532' },
      }),
      payment: {
        headerName: 'X-PAYMENT',
        rawHeader: '',
        payload: {
          x402Version: 1,
          scheme: 'exact',
          network: 'base-sepolia',
          payload: { authorization: { from: '0xabc', value: '10000', nonce: '0x01', validBefore: '1700000000' } },
        } as never,
      },
      result: answer(200, {
        headers: { 'tollbook-invoice': 'inv_1', 'tollbook-charged': 'yes' },
        paymentResponse: { success: true, transaction: '0xdef', network: 'eip155:84532', payer: '0xabc' },
      }),
      clientRefusal: null,
    });
    const text = lines.join('\n');
    expect(text).toMatch(/^Offer {5}402 Payment Required\n {2}amount {6}0\.01 USDC\n/);
    expect(text).toContain('Payment   X-PAYMENT\n  protocol    x402 v1, exact\n  amount      0.01 USDC');
    expect(text).toContain('2023-11-14T22:13:20.000Z');
    expect(text).toContain('Result    200 OK\n  settled     yes\n  chain tx    0xdef');
    expect(lines.at(-1)).toBe('{"sky":"clear"}');
  });

  it('says so when nothing was to be paid, and why a client did not pay', () => {
    const free = answer(200);
    expect(exchangeText({ offer: free, payment: null, result: free, clientRefusal: null }).at(-1)).toBe(
      'Not paid: nothing was to be paid.',
    );
    const offer = answer(402);
    expect(exchangeText({ offer, payment: null, result: offer, clientRefusal: 'no terms' }).at(-1)).toBe(
      'Not paid: the buyer did not pay: no terms.',
    );
  });
});
