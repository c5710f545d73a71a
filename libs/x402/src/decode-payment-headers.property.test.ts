import { amountAtomicMax, type PresentedPayment } from '@tollbook/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHeaders, buildV1Payment, buildV2Payment, toHeader } from '../test/build-wire-payment.js';
import { decodePaymentHeaders } from './decode-payment-headers.js';
import { toV1Network } from './network-name.js';

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((value) => `0x${Buffer.from(value).toString('hex')}`);
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const uint256 = fc.bigInt({ min: 0n, max: amountAtomicMax });

const signed = fc.record({
  signature: fc.uint8Array({ minLength: 1, maxLength: 200 }).map((value) => `0x${Buffer.from(value).toString('hex')}`),
  authorization: fc.record({
    from: bytes(20),
    to: bytes(20),
    valueAtomic: uint256,
    validAfterUnixSeconds: uint256,
    validBeforeUnixSeconds: uint256,
    nonce: bytes(32),
  }),
});

const v1Payment: fc.Arbitrary<PresentedPayment> = fc
  .tuple(text, fc.constantFrom('eip155:8453', 'eip155:84532', 'eip155:137', 'eip155:42161'), signed)
  .map(([scheme, network, rest]) => ({
    x402Version: 1,
    scheme,
    network,
    accepted: null,
    resourceUrl: null,
    invoiceId: null,
    identifier: null,
    ...rest,
  }));

const acceptedTerms = fc.record({
  scheme: text,
  network: text,
  asset: text,
  payTo: text,
  amount: text,
  maxTimeoutSeconds: fc.nat(),
  extra: fc.record({ invoiceId: text, name: text }, { requiredKeys: [] }),
});

const v2Payment: fc.Arbitrary<PresentedPayment> = fc
  .tuple(acceptedTerms, fc.option(text), fc.option(fc.stringMatching(/^[A-Za-z0-9_-]{16,128}$/)), signed)
  .map(([accepted, resourceUrl, identifier, rest]) => ({
    x402Version: 2,
    scheme: accepted.scheme,
    network: accepted.network,
    accepted,
    resourceUrl,
    invoiceId: accepted.extra.invoiceId ?? null,
    identifier,
    ...rest,
  }));

/** A payment as a client writes it. `upper` spells hex in capitals, which must not matter. */
function toWire(payment: PresentedPayment, upper: boolean) {
  const hex = (value: string) => (upper ? `0x${value.slice(2).toUpperCase()}` : value);
  const { from, to, nonce, valueAtomic, validAfterUnixSeconds, validBeforeUnixSeconds } = payment.authorization;
  const payload = {
    signature: hex(payment.signature),
    authorization: {
      from: hex(from),
      to: hex(to),
      value: valueAtomic.toString(),
      validAfter: validAfterUnixSeconds.toString(),
      validBefore: validBeforeUnixSeconds.toString(),
      nonce: hex(nonce),
    },
  };
  if (payment.x402Version === 1) {
    return { x402Version: 1, scheme: payment.scheme, network: toV1Network(payment.network), payload };
  }
  const resource = payment.resourceUrl === null ? undefined : { url: payment.resourceUrl };
  const extensions = { 'payment-identifier': { info: { required: false, id: payment.identifier ?? undefined } } };
  return { x402Version: 2, accepted: payment.accepted, resource, payload, extensions };
}

describe('decodePaymentHeaders, for any input', () => {
  it('reads back every payment that a client can write', () => {
    fc.assert(
      fc.property(fc.oneof(v1Payment, v2Payment), fc.boolean(), (payment, upper) => {
        const header = toHeader(toWire(payment, upper));
        const isV1 = payment.x402Version === 1;
        const result = decodePaymentHeaders(
          buildHeaders(isV1 ? { xPayment: [header] } : { paymentSignature: [header] }),
        );
        expect(result).toMatchObject({ kind: 'payment', payment });
      }),
      { numRuns: 300 },
    );
  });

  it('never throws, and accepts only the canonical spelling', () => {
    // One seed, so that a failure is the same failure tomorrow; thousands of runs, so that it is worth having.
    const valid = fc.constantFrom(JSON.stringify(buildV1Payment()), JSON.stringify(buildV2Payment()));
    const mutatedText = fc
      .tuple(valid, fc.nat(), fc.nat({ max: 6 }), fc.string({ unit: 'binary', maxLength: 6 }))
      .map(([json, at, cut, put]) => {
        const start = at % json.length;
        return json.slice(0, start) + put + json.slice(start + cut);
      });
    const mutatedBase64 = fc
      .tuple(valid.map(toHeader), fc.nat(), fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 2 }))
      .map(
        ([header, at, put]) =>
          header.slice(0, at % header.length) + put + header.slice((at % header.length) + put.length),
      );
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 64 }).map((raw) => Buffer.from(raw).toString('base64')),
      fc.json().map(toHeader),
      mutatedText.map(toHeader),
      mutatedBase64,
    );
    const values = fc.array(value, { maxLength: 2 });
    fc.assert(
      fc.property(values, values, fc.array(value, { maxLength: 1 }), (paymentSignature, xPayment, authorization) => {
        const result = decodePaymentHeaders(buildHeaders({ paymentSignature, xPayment, authorization }));
        if (result.kind === 'refused') expect(result.detail).not.toBe('');
        if (result.kind !== 'payment') return;
        const [header] = [...paymentSignature, ...xPayment];
        expect(Buffer.from(result.payload).toString('base64')).toBe(header);
      }),
      { seed: 402, numRuns: 4000 },
    );
  }, 30_000);
});
