import { amountAtomicMax } from '@tollbook/domain';
import { describe, expect, it } from 'vitest';
import {
  buildAccepted,
  buildExactPayload,
  buildHeaders,
  buildV1Payment,
  buildV2Payment,
  type Json,
  toHeader,
} from '../test/build-wire-payment.js';
import { type DecodeResult, decodePaymentHeaders } from './decode-payment-headers.js';

const v2 = (payment: Json | string) => decodePaymentHeaders(buildHeaders({ paymentSignature: [toHeader(payment)] }));
const v1 = (payment: Json | string) => decodePaymentHeaders(buildHeaders({ xPayment: [toHeader(payment)] }));
const paymentOf = (result: DecodeResult) => {
  if (result.kind !== 'payment') throw new Error(`not a payment: ${JSON.stringify(result)}`);
  return result.payment;
};
const accepted = buildAccepted();

describe('decodePaymentHeaders', () => {
  it('finds no payment where there is none', () => {
    expect(decodePaymentHeaders(buildHeaders({ authorization: ['Bearer tbp_abc'] }))).toEqual({ kind: 'none' });
  });

  it('reads a version 2 payment, with what its client accepted', () => {
    const result = v2(buildV2Payment());
    expect(paymentOf(result)).toEqual({
      x402Version: 2,
      scheme: 'exact',
      network: 'eip155:84532',
      accepted: { ...accepted, extra: { name: 'USDC', version: '2', invoiceId: 'inv_abc' } },
      resourceUrl: 'http://127.0.0.1:4020/g/demo/weather',
      invoiceId: 'inv_abc',
      identifier: null,
      authorization: {
        from: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
        to: '0x9965507d1a55bcc2695c58ba16fb37d819b0a4dc',
        valueAtomic: 10_000n,
        validAfterUnixSeconds: 0n,
        validBeforeUnixSeconds: 1_795_149_546n,
        nonce: `0x34${'d1'.repeat(30)}ad`,
      },
      signature: `0x83${'7e'.repeat(63)}1b`,
    });
    expect(result).toMatchObject({ payload: Uint8Array.from(Buffer.from(JSON.stringify(buildV2Payment()))) });
  });

  it('reads a version 1 payment, its network in CAIP-2', () => {
    expect(paymentOf(v1(buildV1Payment()))).toMatchObject({
      x402Version: 1,
      scheme: 'exact',
      network: 'eip155:84532',
      accepted: null,
      resourceUrl: null,
      invoiceId: null,
      authorization: { valueAtomic: 10_000n },
    });
    expect(paymentOf(v1(buildV1Payment({ network: 'eip155:8453' }))).network).toBe('eip155:8453');
    expect(paymentOf(v1(buildV1Payment({ network: 'mars' }))).network).toBe('mars');
  });

  it.each([
    ['pay_0123456789abcdef', 'pay_0123456789abcdef'],
    ['A'.repeat(128), 'A'.repeat(128)],
    [undefined, null],
    [null, null],
  ])('reads the identifier %s of its buyer', (id, identifier) => {
    const extensions = { 'payment-identifier': { info: { required: false, id }, schema: {} } };
    expect(paymentOf(v2(buildV2Payment({ extensions }))).identifier).toBe(identifier);
  });

  it.each([undefined, null, {}, { 'payment-identifier': null }, { 'payment-identifier': {} }])(
    'has no identifier where the extensions are %j',
    (extensions) => {
      expect(paymentOf(v2(buildV2Payment({ extensions }))).identifier).toBeNull();
    },
  );

  it.each(['short', 'A'.repeat(129), 'pay 0123456789abcdef', '', 5, ['pay_0123456789abcdef']])(
    'refuses the identifier %j, and says where it is',
    (id) => {
      const extensions = { 'payment-identifier': { info: { id } } };
      const result = v2(buildV2Payment({ extensions }));
      expect(result).toMatchObject({ kind: 'refused', reason: 'payment_malformed' });
      expect(JSON.stringify(result)).toContain('extensions.payment-identifier.info.id');
    },
  );

  it('ignores keys it does not know, thirdweb naming scheme and network twice among them', () => {
    const payload = { ...buildExactPayload({ note: 1 }), more: [] };
    const payment = paymentOf(
      v2(buildV2Payment({ scheme: 'x', network: 'y', extensions: { a: { info: {} } }, payload })),
    );
    expect(payment).toMatchObject({ scheme: 'exact', network: 'eip155:84532' });
    expect(payment.authorization).not.toHaveProperty('note');
  });

  it.each([
    ['no extra', { accepted: { ...accepted, extra: undefined } }, { invoiceId: null, accepted: { extra: {} } }],
    ['extra null', { accepted: { ...accepted, extra: null } }, { invoiceId: null, accepted: { extra: {} } }],
    ['an invoice id that is no text', { accepted: { ...accepted, extra: { invoiceId: 5 } } }, { invoiceId: null }],
    ['no resource', { resource: undefined }, { resourceUrl: null }],
    ['resource null', { resource: null }, { resourceUrl: null }],
    ['resource as text', { resource: 'http://127.0.0.1/a' }, { resourceUrl: 'http://127.0.0.1/a' }],
    ['seconds as numbers', { payload: buildExactPayload({ validBefore: 1_795_149_546 }) }, {}],
    ['the largest value', { payload: buildExactPayload({ value: amountAtomicMax.toString() }) }, {}],
    [
      'the signature of a contract wallet',
      { payload: { ...buildExactPayload(), signature: `0x${'ab'.repeat(900)}` } },
      {},
    ],
  ])('accepts %s', (_, changes, expected) => {
    expect(paymentOf(v2(buildV2Payment(changes)))).toMatchObject(expected);
  });

  it.each([
    ['an address with a wrong length', { from: '0x7099' }],
    ['an address without 0x', { to: '9965507D1a55bcC2695C58ba16FB37d819B0A4dcff' }],
    ['a value as a number', { value: 10_000 }],
    ['a value with a sign', { value: '+1' }],
    ['a negative value', { value: '-1' }],
    ['a value with leading zeros', { value: '010000' }],
    ['a value with a fraction', { value: '1.0' }],
    ['a value in hex', { value: '0x10' }],
    ['a value of 2^256', { value: (amountAtomicMax + 1n).toString() }],
    ['seconds above 2^53 as a number', { validBefore: 2 ** 53 }],
    ['seconds with a fraction', { validBefore: 1.5 }],
    ['negative seconds', { validAfter: -1 }],
    ['a short nonce', { nonce: `0x${'00'.repeat(31)}` }],
    ['a nonce that is missing', { nonce: undefined }],
  ])('refuses %s, naming the field', (_, changes) => {
    const result = v2(buildV2Payment({ payload: buildExactPayload(changes) }));
    expect(result).toMatchObject({ kind: 'refused', reason: 'payment_malformed' });
    expect(result).toHaveProperty(
      'detail',
      expect.stringContaining(`payload.authorization.${Object.keys(changes)[0]}`),
    );
  });

  it.each([
    ['no payload', { payload: undefined }, 'payload'],
    ['a signature that is no hex', { payload: { ...buildExactPayload(), signature: '0xzz' } }, 'payload.signature'],
    ['an empty signature', { payload: { ...buildExactPayload(), signature: '0x' } }, 'payload.signature'],
    ['half a byte of signature', { payload: { ...buildExactPayload(), signature: '0xabc' } }, 'payload.signature'],
    ['a Solana payload', { payload: { transaction: 'AQ==' } }, 'payload.signature'],
    ['no accepted terms', { accepted: undefined }, 'accepted'],
    ['an amount as a number', { accepted: { ...accepted, amount: 10_000 } }, 'accepted.amount'],
    ['a resource without a URL', { resource: {} }, 'resource'],
  ])('refuses %s', (_, changes, path) => {
    const result = v2(buildV2Payment(changes));
    expect(result).toMatchObject({ kind: 'refused', reason: 'payment_malformed' });
    expect(result).toHaveProperty('detail', expect.stringContaining(`: ${path}`));
  });

  it.each(['[]', 'null', '"text"', '5'])('refuses JSON that is no object: %s', (json) => {
    expect(v2(json)).toMatchObject({ kind: 'refused', reason: 'payment_malformed' });
  });

  it('refuses two headers: twice the same, or one of each version', () => {
    const two = toHeader(buildV2Payment());
    const one = toHeader(buildV1Payment());
    for (const headers of [
      buildHeaders({ paymentSignature: [two, two] }),
      buildHeaders({ xPayment: [one, one] }),
      buildHeaders({ paymentSignature: [two], xPayment: [one] }),
      buildHeaders({ paymentSignature: [`${two}, ${two}`] }),
    ]) {
      expect(decodePaymentHeaders(headers)).toMatchObject({ kind: 'refused', reason: 'payment_malformed' });
    }
  });

  it('names the right header for a version that came in the other', () => {
    expect(v2(buildV1Payment())).toMatchObject({
      reason: 'version_unsupported',
      detail: expect.stringMatching(/1 in X-PAYMENT\./),
    });
    expect(v1(buildV2Payment())).toMatchObject({ detail: expect.stringMatching(/2 in PAYMENT-SIGNATURE\./) });
  });

  it.each([3, '2', null, undefined, { a: 1 }])('refuses version %s', (x402Version) => {
    expect(v2(buildV2Payment({ x402Version }))).toMatchObject({ kind: 'refused', reason: 'version_unsupported' });
  });

  it('says malformed before unsupported, and unsupported version before wrong shape', () => {
    expect(v2('{"x402Version":9,"x402Version":9}')).toMatchObject({ reason: 'payment_malformed' });
    expect(v2('{"x402Version":9}')).toMatchObject({ reason: 'version_unsupported' });
  });

  it.each([
    [{ olderNames: ['x-x402-intent'] }, 'x-x402-intent'],
    [{ olderNames: ['pay'] }, 'pay'],
    [{ authorization: ['X402 abc'] }, 'authorization: x402'],
  ])('names the right header to a client of an early draft: %j', (headers, found) => {
    const result = decodePaymentHeaders(buildHeaders(headers));
    expect(result).toMatchObject({ kind: 'refused', reason: 'payment_header_unsupported' });
    expect(result).toHaveProperty('detail', expect.stringMatching(new RegExp(`"${found}"; send PAYMENT-SIGNATURE`)));
  });

  it('reads a payment although an early header stands beside it', () => {
    const headers = buildHeaders({ xPayment: [toHeader(buildV1Payment())], olderNames: ['pay'] });
    expect(decodePaymentHeaders(headers).kind).toBe('payment');
  });
});
