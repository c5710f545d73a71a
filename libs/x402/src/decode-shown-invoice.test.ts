import { describe, expect, it } from 'vitest';
import { buildHeaders, toHeader } from '../test/build-wire-payment.js';
import { decodePaymentHeaders } from './decode-payment-headers.js';
import type { PaymentHeaders } from './payment-headers.js';

const invoiceId = `inv_${'a'.repeat(80)}`;
const txHash = `0x${'Ab'.repeat(32)}`;
const address = `0x${'Cd'.repeat(20)}`;
const proof = { address, signature: '0x12Ef' };
const decode = (changes: Partial<PaymentHeaders>) => decodePaymentHeaders(buildHeaders(changes));

describe('an invoice that is shown without a signed payment', () => {
  it('is read with its transaction and proof, hex in lower case', () => {
    expect(decode({ invoiceId: [invoiceId] })).toEqual({
      kind: 'shown',
      shown: { invoiceId, txHash: null, proof: null },
    });
    expect(decode({ paymentTx: [txHash] })).toMatchObject({ shown: { invoiceId: null, txHash: txHash.toLowerCase() } });
    const all = { invoiceId: [invoiceId], paymentTx: [txHash], paymentProof: [toHeader(proof)] };
    expect(decode(all)).toEqual({
      kind: 'shown',
      shown: {
        invoiceId,
        txHash: txHash.toLowerCase(),
        proof: { address: address.toLowerCase(), signature: '0x12ef' },
      },
    });
  });

  it.each<[string, Partial<PaymentHeaders>]>([
    ['an id sent twice', { invoiceId: [invoiceId, invoiceId] }],
    ['a transaction sent twice', { invoiceId: [invoiceId], paymentTx: [txHash, txHash] }],
    ['two ids in one header', { invoiceId: [`${invoiceId}, ${invoiceId}`] }],
    ['an id of another length', { invoiceId: [invoiceId.slice(1)] }],
    ['an id in capitals', { invoiceId: [invoiceId.toUpperCase()] }],
    ['nothing', { paymentTx: [''] }],
    ['a short hash', { paymentTx: [txHash.slice(0, -1)] }],
    ['a hash without prefix', { paymentTx: [txHash.slice(2)] }],
    ['a proof alone', { paymentProof: [toHeader(proof)] }],
    ['a proof that is no base64', { paymentTx: [txHash], paymentProof: ['{}'] }],
    ['a proof that is no object', { paymentTx: [txHash], paymentProof: [toHeader('"x"')] }],
    ['a proof without address', { paymentTx: [txHash], paymentProof: [toHeader({ signature: '0x12' })] }],
    ['a proof of an odd signature', { paymentTx: [txHash], paymentProof: [toHeader({ ...proof, signature: '0x1' })] }],
    ['a transaction beside a signed payment', { xPayment: ['e30='], paymentTx: [txHash] }],
    ['a proof beside a signed payment', { xPayment: ['e30='], paymentProof: [toHeader(proof)] }],
  ])('is refused: %s', (_what, headers) => {
    const result = decode(headers);
    expect(result).toMatchObject({ kind: 'refused', reason: 'payment_malformed' });
    expect(JSON.stringify(result)).not.toContain(txHash);
  });

  it('is only an echo beside a signed payment', () => {
    expect(decode({ xPayment: ['!'], invoiceId: [invoiceId] })).toMatchObject({
      detail: expect.stringContaining('X-PAYMENT'),
    });
  });
});
