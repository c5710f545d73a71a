import { PaymentPayloadSchema, PaymentRequirementsSchema } from '@x402/core/schemas';
import { describe, expect, it } from 'vitest';
import { buildV1Payment, buildV2Payment } from '../test/build-wire-payment.js';
import { facilitatorRequest, signedOf } from './facilitator-messages.js';

const asset = {
  assetId: 1,
  network: 'eip155:84532',
  contract: '0x036cbd53842c5426634e7929541ec2318f3dcf7e',
  symbol: 'USDC',
  decimals: 6,
  eip712: { name: 'USDC', version: '2' },
};
const bytesOf = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));

function requestOf(version: 1 | 2, payment: unknown) {
  const signed = signedOf(bytesOf(payment));
  if (!signed) throw new Error('the payment holds a signature');
  return facilitatorRequest(version, { asset, ...signed, resourceUrl: 'https://shop.example' });
}

describe('what a facilitator is sent', () => {
  it.each([1, 2] as const)('reads as a payment of version %s to the reference package', (version) => {
    const request = requestOf(version, version === 1 ? buildV1Payment() : buildV2Payment());
    expect(request.x402Version).toBe(version);
    expect(PaymentPayloadSchema.safeParse(request.paymentPayload).success).toBe(true);
    expect(PaymentRequirementsSchema.safeParse(request.paymentRequirements).success).toBe(true);
  });

  it('is the same whichever version the buyer spoke', () => {
    expect(requestOf(2, buildV1Payment())).toEqual(requestOf(2, buildV2Payment()));
  });

  it('tells nothing of the invoice, nor of the page', () => {
    const payment = buildV2Payment({ extensions: { note: 'inv_abc' }, resource: { url: 'https://shop/pay/inv_abc' } });
    for (const version of [1, 2] as const) {
      const text = JSON.stringify(requestOf(version, payment));
      expect(JSON.stringify(payment)).toContain('inv_');
      expect(text).not.toContain('inv_');
      expect(text).not.toContain('/pay/');
    }
  });

  it('names what was signed, byte for byte', () => {
    const request = requestOf(2, buildV2Payment());
    const { authorization } = buildV2Payment().payload as { authorization: { from: string; nonce: string } };
    expect(request).toMatchObject({
      paymentPayload: {
        payload: {
          authorization: { from: authorization.from.toLowerCase(), nonce: authorization.nonce.toLowerCase() },
        },
      },
      paymentRequirements: { amount: '10000', network: asset.network, extra: asset.eip712 },
    });
  });
});

describe('a payment without a signature', () => {
  it.each(['', 'no JSON', '[]', '{}', '{"payload":{"transaction":"AAAA"}}'])('is none: %s', (text) => {
    expect(signedOf(new TextEncoder().encode(text))).toBeNull();
  });
});
