import { describe, expect, it } from 'vitest';
import { paymentHeadersOf } from './payment-headers.js';

describe('paymentHeadersOf', () => {
  it('finds nothing in an ordinary request', () => {
    expect(paymentHeadersOf(['Host', 'localhost', 'X-Request', 'a', 'Via', 'b'])).toEqual({
      paymentSignature: [],
      xPayment: [],
      authorization: [],
      olderNames: [],
      paymentTx: [],
      paymentProof: [],
      invoiceId: [],
    });
  });

  it('keeps every value of a header that was sent twice, in any case', () => {
    const headers = paymentHeadersOf([
      'PAYMENT-SIGNATURE',
      'one',
      'Host',
      'x',
      'payment-signature',
      'two',
      'x-Payment',
      '3',
    ]);
    expect(headers.paymentSignature).toEqual(['one', 'two']);
    expect(headers.xPayment).toEqual(['3']);
  });

  it('names the headers of early drafts', () => {
    const headers = paymentHeadersOf(['X-X402-Intent', 'a', 'Authorization', 'x402 abc', 'Pay', 'b']);
    expect(headers.olderNames).toEqual(['x-x402-intent', 'pay']);
    expect(headers.authorization).toEqual(['x402 abc']);
  });

  it('finds what shows an invoice and its transaction', () => {
    const headers = paymentHeadersOf(['X402-Payment-Tx', 'a', 'x402-payment-proof', 'b', 'X402-Invoice-ID', 'c']);
    expect([headers.paymentTx, headers.paymentProof, headers.invoiceId]).toEqual([['a'], ['b'], ['c']]);
  });

  it('reads a list that ends with a name alone', () => {
    expect(paymentHeadersOf(['X-PAYMENT']).xPayment).toEqual([]);
  });
});
