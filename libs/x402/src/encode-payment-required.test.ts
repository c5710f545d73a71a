import { checkTerms, evmExtra, type Offer, type TermsVersion } from '@tollbook/domain';
import { decodePaymentRequiredHeader, encodePaymentSignatureHeader } from '@x402/core/http';
import { parsePaymentRequired } from '@x402/core/schemas';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { buildTerms, buildTermsNetwork } from '../test/build-terms.js';
import { buildExactPayload, buildHeaders } from '../test/build-wire-payment.js';
import { challengeBody } from './challenge-body.js';
import { paymentRequiredV1Schema, paymentRequiredV2Schema } from './challenge-schema.js';
import { decodePaymentHeaders } from './decode-payment-headers.js';
import {
  type ChallengeInput,
  type ChallengeOffer,
  challengeFits,
  challengeHeaderCharsMax,
  prepareChallenge,
} from './encode-payment-required.js';

const offer: ChallengeOffer = {
  invoiceId: `inv_${'a'.repeat(80)}`,
  paymentId: `pi_${'b'.repeat(26)}`,
  expiresAt: '2026-11-20T12:05:00Z',
};
const buildInput = (changes: Partial<ChallengeInput> = {}): ChallengeInput => ({
  terms: buildTerms(),
  resourceUrl: 'http://127.0.0.1:4020/g/demo/weather',
  description: 'Weather, by the hour',
  mimeType: 'application/json',
  ...changes,
});
const networksOf = (...networks: string[]): TermsVersion =>
  buildTerms({ networks: networks.map((network) => buildTermsNetwork(network)) });
const write = (changes: Partial<ChallengeInput> = {}, of: ChallengeOffer = offer, error = 'payment_required') => {
  const { header, bodyAccepts } = prepareChallenge(buildInput(changes)).write(of, error);
  return { header, v2: JSON.parse(Buffer.from(header, 'base64').toString('utf8')), accepts: JSON.parse(bodyAccepts) };
};
const problem = {
  type: 'urn:tollbook:problem:payment_required',
  title: 'Payment required',
  status: 402,
  code: 'payment_required',
  detail: 'Pay 0.01 USDC.',
};

describe('prepareChallenge', () => {
  it('writes the version 2 challenge', () => {
    expect(write({ merchantName: 'Demo' }).v2).toEqual({
      x402Version: 2,
      error: 'payment_required',
      resource: {
        url: 'http://127.0.0.1:4020/g/demo/weather',
        description: 'Weather, by the hour',
        mimeType: 'application/json',
        serviceName: 'Demo',
      },
      accepts: [
        {
          scheme: 'exact',
          network: 'eip155:84532',
          amount: '10000',
          asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
          payTo: '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc',
          maxTimeoutSeconds: 300,
          extra: { name: 'USDC', version: '2', primaryType: 'TransferWithAuthorization', ...offer },
        },
      ],
      extensions: { 'payment-identifier': expect.objectContaining({ info: { required: false } }) },
    });
  });

  it('writes the entries of version 1', () => {
    expect(write().accepts).toEqual([
      {
        scheme: 'exact',
        network: 'base-sepolia',
        maxAmountRequired: '10000',
        resource: 'http://127.0.0.1:4020/g/demo/weather',
        description: 'Weather, by the hour',
        mimeType: 'application/json',
        payTo: '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc',
        maxTimeoutSeconds: 300,
        asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
        extra: { name: 'USDC', version: '2', primaryType: 'TransferWithAuthorization', ...offer },
      },
    ]);
  });

  it('leaves out of version 1 the networks that its clients do not know, and keeps the rest in order', () => {
    const { v2, accepts } = write({ terms: networksOf('eip155:42161', 'eip155:137', 'eip155:1', 'eip155:8453') });
    expect(accepts.map((entry: { network: string }) => entry.network)).toEqual(['polygon', 'base']);
    expect(v2.accepts).toHaveLength(4);
    expect(write({ terms: networksOf('eip155:42161') }).accepts).toEqual([]);
  });

  it('writes each offer afresh', () => {
    const challenge = prepareChallenge(buildInput());
    const first = challenge.write(offer, 'payment_required');
    challenge.write({ ...offer, invoiceId: 'inv_other' }, 'offer_expired');
    expect(challenge.write(offer, 'payment_required')).toEqual(first);
  });

  it('names the URL of the request where it is told', () => {
    const resourceUrl = 'http://127.0.0.1:4020/g/demo/quotes/ABC?day=1';
    const { v2, accepts } = write({}, { ...offer, resourceUrl });
    expect(v2.resource.url).toBe(resourceUrl);
    expect(accepts[0].resource).toBe(resourceUrl);
  });

  it('keeps text as text, whatever a merchant or a caller wrote', () => {
    const description = 'quote " backslash \\ newline \n invoiceId \0invoiceId "},{ é ₮ 😀';
    const { v2, accepts } = write({ description }, offer, 'a "quoted" error');
    expect(v2.resource.description).toBe(description);
    expect(accepts[0].description).toBe(description);
    expect(v2.error).toBe('a "quoted" error');
  });

  it('leaves out a merchant name that clients would refuse', () => {
    expect(write({ merchantName: 'Ünïcode' }).v2.resource).not.toHaveProperty('serviceName');
    expect(write({ merchantName: 'n'.repeat(33) }).v2.resource).not.toHaveProperty('serviceName');
    expect(write({ merchantName: '' }).v2.resource).not.toHaveProperty('serviceName');
  });

  it('refuses to prepare a network that it has no terms of payment for', () => {
    const terms = networksOf('solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1');
    expect(() => prepareChallenge(buildInput({ terms }))).toThrow('only EVM networks');
  });
});

describe('the extensions of a challenge', () => {
  const discovery = { method: 'GET', path: '/weather', queryParams: ['units'] };
  const keysOf = (changes: Partial<ChallengeInput>) => Object.keys(write(changes).v2.extensions ?? {});

  it('hold schemas that their own information meets, as the client’s libraries check it', () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false });
    for (const method of ['GET', 'DELETE', 'POST', 'PUT', 'PATCH']) {
      const { extensions } = write({ requiresIdentifier: true, discovery: { ...discovery, method } }).v2;
      expect(Object.keys(extensions)).toEqual(['payment-identifier', 'bazaar']);
      for (const { info, schema } of Object.values<{ info: object; schema: object }>(extensions)) {
        expect(ajv.validate(schema, info), JSON.stringify(info)).toBe(true);
      }
      const { schema } = extensions['payment-identifier'];
      expect(ajv.validate(schema, { required: true, id: 'pay_0123456789abcdef' })).toBe(true);
      expect(ajv.validate(schema, { required: true, id: 'short' })).toBe(false);
    }
  });

  it('say that a name is a must, which version 1 cannot bring and so is offered nothing', () => {
    const { v2, accepts } = write({ requiresIdentifier: true });
    expect(v2.extensions['payment-identifier'].info).toEqual({ required: true });
    expect(accepts).toEqual([]);
  });

  it('tell how a pattern is called', () => {
    const { bazaar } = write({ discovery: { ...discovery, path: '/files/*' } }).v2.extensions;
    expect(bazaar.routeTemplate).toBe('/files/:path');
    expect(bazaar.schema.properties.input.properties.queryParams.properties).toHaveProperty('units');
  });

  it('leave a header that is too long, discovery first, and what must be said never', () => {
    const found = new Set<string>();
    for (let length = 0; length < 2_000; length += 20) {
      const changes = { description: 'd'.repeat(length), discovery };
      const fits = challengeFits(buildInput(changes));
      const keys = keysOf(changes);
      found.add(keys.join());
      if (fits) expect(write(changes).header.length).toBeLessThanOrEqual(challengeHeaderCharsMax);
      expect(keysOf({ ...changes, requiresIdentifier: true })).toContain('payment-identifier');
    }
    expect([...found]).toEqual(['payment-identifier,bazaar', 'payment-identifier', '']);
  });

  it('have room for the longest URL of a pattern', () => {
    const longestUrl = `http://127.0.0.1:4020/g/demo/${'x'.repeat(1_600)}`;
    expect(keysOf({ discovery })).toContain('bazaar');
    expect(keysOf({ discovery, longestUrl })).not.toContain('bazaar');
  });
});

describe('the challenge to an unpaid request', () => {
  it.each(['Weather', 'Wetter für São Paulo, 5 ₮', '', 'x'.repeat(61), 'x'.repeat(62), 'x'.repeat(63)])(
    'is encoded in parts to what it is as a whole (%s)',
    (description) => {
      for (const networks of [['eip155:84532'], ['eip155:8453', 'eip155:137', 'eip155:42161']]) {
        const challenge = prepareChallenge(buildInput({ terms: networksOf(...networks), description }));
        for (const paymentId of [offer.paymentId, `${offer.paymentId}longer`, offer.paymentId]) {
          const { header } = challenge.write({ ...offer, paymentId }, 'payment_required');
          const text = Buffer.from(header, 'base64').toString('utf8');
          expect(Buffer.from(text, 'utf8').toString('base64')).toBe(header);
          const asked = JSON.parse(text);
          expect(asked).toMatchObject({ error: 'payment_required', resource: { description } });
          const other = challenge.write({ ...offer, paymentId }, 'offer_expired').header;
          expect(JSON.parse(Buffer.from(other, 'base64').toString('utf8'))).toEqual({
            ...asked,
            error: 'offer_expired',
          });
        }
      }
    },
  );
});

describe('a challenge and its payment', () => {
  const issued: Offer = {
    invoiceId: offer.invoiceId,
    invoiceBytes: new Uint8Array(50),
    terms: buildTerms(),
    issuedAtUnixSeconds: 1_795_149_000,
    expiresAtUnixSeconds: 1_795_149_300,
  };
  const { paymentId, expiresAt } = offer;
  const pay = (accepted = write().v2.accepts[0]) => {
    const required = decodePaymentRequiredHeader(write().header);
    const signature = encodePaymentSignatureHeader({
      x402Version: 2,
      resource: required.resource,
      accepted,
      payload: { ...buildExactPayload({ validBefore: '1795149250' }) },
    });
    const decoded = decodePaymentHeaders(buildHeaders({ paymentSignature: [signature] }));
    if (decoded.kind !== 'payment') throw new Error('the payment was not read');
    const presented = decoded.payment;
    const nowUnixSeconds = 1_795_149_000;
    const offered = { offer: issued, paymentId, expiresAt, isResourceEqual: true, nowUnixSeconds, lifeSecondsMin: 60 };
    return checkTerms({ ...offered, presented });
  };

  it('is accepted by the rule when a stock client echoes what was sent', () => {
    expect(pay()).toMatchObject({ kind: 'ok' });
  });

  it('carries exactly what the rule asks back, key by key', () => {
    const entry = write().v2.accepts[0];
    expect(entry.extra).toEqual(
      evmExtra({ invoiceId: offer.invoiceId, paymentId, expiresAt, eip712: { name: 'USDC', version: '2' } }),
    );
    for (const key of Object.keys(entry.extra).filter((each) => each !== 'invoiceId')) {
      const { [key]: _, ...without } = entry.extra;
      expect(pay({ ...entry, extra: without })).toMatchObject({ kind: 'refused', reason: 'not_offered' });
    }
    expect(pay({ ...entry, extra: { ...entry.extra, invoiceId: 'inv_other' } })).toMatchObject({
      reason: 'not_offered',
    });
  });
});

describe('stock clients', () => {
  it.each([['eip155:84532'], ['eip155:8453', 'eip155:137', 'eip155:42161']])(
    'can read both challenges of %s',
    (...networks) => {
      const description = 'Wetter für São Paulo, 5 ₮';
      const challenge = prepareChallenge(
        buildInput({ terms: networksOf(...networks), description, merchantName: 'Demo' }),
      );
      const { header, bodyAccepts } = challenge.write(offer, 'payment_required');
      const body = JSON.parse(challengeBody('payment_required', bodyAccepts, JSON.stringify(problem)));

      const v2 = decodePaymentRequiredHeader(header);
      expect(parsePaymentRequired(v2).success).toBe(true);
      expect(paymentRequiredV2Schema.parse(v2).resource.description).toBe(description);

      expect(parsePaymentRequired(body).success).toBe(true);
      expect(paymentRequiredV1Schema.parse(body).accepts.length).toBeGreaterThan(0);
      expect(body).not.toHaveProperty('accepts.0.outputSchema');
    },
  );
});

describe('challengeFits', () => {
  const three = networksOf('eip155:8453', 'eip155:137', 'eip155:42161');

  it('lets three networks stand in one challenge', () => {
    expect(challengeFits(buildInput({ terms: three }))).toBe(true);
  });

  it('refuses a challenge that common proxies would cut off', () => {
    const description = 'd'.repeat(2400);
    expect(challengeFits(buildInput({ description }))).toBe(false);
    expect(write({ description }).header.length).toBeGreaterThan(challengeHeaderCharsMax);
  });

  it('counts the longest offer there can be, not a short one', () => {
    const fits = (length: number) => challengeFits(buildInput({ description: 'd'.repeat(length) }));
    let length = 0;
    while (fits(length + 1)) length += 1;
    const longest = { ...offer, invoiceId: `inv_${'a'.repeat(112)}` };
    expect(write({ description: 'd'.repeat(length) }, longest).header.length).toBeLessThanOrEqual(
      challengeHeaderCharsMax,
    );
    expect(write({ description: 'd'.repeat(length) }, longest).header.length).toBeGreaterThan(
      challengeHeaderCharsMax - 64,
    );
  });
});
