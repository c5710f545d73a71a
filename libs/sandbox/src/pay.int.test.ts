import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { verifyTypedData } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CANONICAL_USDC, usdcDomain } from './dev-usd.js';
import { pay } from './pay.js';
import { requestOffer } from './request-offer.js';
import { type SentPayment, signPayment } from './sign-payment.js';

const ASSET = CANONICAL_USDC[84532].address;
const PAY_TO = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C';
const EXTRA = { name: 'USDC', version: '2', primaryType: 'TransferWithAuthorization', invoiceId: 'inv_1' };
const SETTLED = { success: true, transaction: '0xabc', network: 'eip155:84532', payer: '0x1' };

describe('pay', () => {
  const privateKey = generatePrivateKey();
  const received: { method: string; body: string; signature: string | undefined; v1: string | undefined }[] = [];
  const server = createServer((request, response) => void answer(request, response));
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address === 'object' && address !== null) url = `http://127.0.0.1:${address.port}`;
  });
  afterAll(() => server.close());
  beforeEach(() => received.splice(0));

  it('pays v2 terms from the header and keeps the whole exchange', async () => {
    const exchange = await pay({ url: `${url}/paid`, privateKey, method: 'POST', body: '{"a":1}' });
    expect(exchange.offer).toMatchObject({ status: 402, paymentRequired: { x402Version: 2 } });
    expect(exchange.payment?.headerName).toBe('PAYMENT-SIGNATURE');
    expect(exchange.payment?.payload).toMatchObject({ x402Version: 2, accepted: { extra: EXTRA, amount: '10000' } });
    expect(exchange.result).toMatchObject({ status: 200, bodyText: 'goods', paymentResponse: SETTLED });
    expect(exchange.clientRefusal).toBeNull();
    expect(received).toEqual([
      { method: 'POST', body: '{"a":1}', signature: undefined, v1: undefined },
      { method: 'POST', body: '{"a":1}', signature: exchange.payment?.rawHeader, v1: undefined },
    ]);
    await expect(isSigned(exchange.payment)).resolves.toBe(true);
  });

  it('pays v1 terms from the body when it speaks v1', async () => {
    const exchange = await pay({ url: `${url}/paid`, privateKey, version: 1 });
    expect(exchange.offer.paymentRequired).toMatchObject({ x402Version: 2 });
    expect(exchange.payment?.headerName).toBe('X-PAYMENT');
    expect(exchange.payment?.payload).toMatchObject({ x402Version: 1, scheme: 'exact', network: 'base-sepolia' });
    expect(received.at(1)).toMatchObject({ signature: undefined, v1: exchange.payment?.rawHeader });
    expect(exchange.result).toMatchObject({ status: 200, paymentResponse: SETTLED });
    await expect(isSigned(exchange.payment)).resolves.toBe(true);
  });

  it('pays nothing for what is free or fails', async () => {
    for (const [path, status] of [
      ['/free', 200],
      ['/broken', 500],
    ] as const) {
      const exchange = await pay({ url: url + path, privateKey });
      expect(exchange).toMatchObject({ payment: null, clientRefusal: null, result: { status } });
      expect(exchange.result).toBe(exchange.offer);
    }
  });

  it('returns a refused payment as an answer', async () => {
    const exchange = await pay({ url: `${url}/refused`, privateKey });
    expect(exchange.payment).not.toBeNull();
    expect(exchange.result).toMatchObject({ status: 402, paymentRequired: { error: 'insufficient_funds' } });
  });

  it('says why it did not pay terms it cannot read', async () => {
    const exchange = await pay({ url: `${url}/unreadable`, privateKey });
    expect(exchange).toMatchObject({ payment: null, result: { status: 402 } });
    expect(exchange.clientRefusal).toContain('Failed to parse payment requirements');
  });

  it('throws when nothing answers', async () => {
    await expect(pay({ url: 'http://127.0.0.1:9/', privateKey })).rejects.toThrow();
  });

  it('signs an offer without sending it, each time with a new nonce', async () => {
    const offer = await requestOffer({ url: `${url}/paid` });
    const first = await signPayment({ offer, privateKey });
    const second = await signPayment({ offer, privateKey, version: 1 });
    expect(first.headerName).toBe('PAYMENT-SIGNATURE');
    expect(second.headerName).toBe('X-PAYMENT');
    await expect(isSigned(first)).resolves.toBe(true);
    expect(received).toHaveLength(1);
  });

  async function isSigned(payment: SentPayment | null): Promise<boolean> {
    const { authorization, signature } = payment?.payload.payload ?? {};
    return await verifyTypedData({
      address: privateKeyToAccount(privateKey).address,
      domain: usdcDomain(84532),
      primaryType: 'TransferWithAuthorization',
      types: {
        TransferWithAuthorization: [
          ...['from', 'to'].map((name) => ({ name, type: 'address' })),
          ...['value', 'validAfter', 'validBefore'].map((name) => ({ name, type: 'uint256' })),
          { name: 'nonce', type: 'bytes32' },
        ],
      },
      message: Object(authorization),
      signature: `0x${String(signature).slice(2)}`,
    });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const signature = request.headers['payment-signature']?.toString();
    const v1 = request.headers['x-payment']?.toString();
    received.push({ method: request.method ?? '', body, signature, v1 });
    const isPaid = signature !== undefined || v1 !== undefined;
    if (request.url === '/free') return void response.end('free');
    if (request.url === '/broken') return void response.writeHead(500).end('broken');
    if (request.url === '/unreadable') return void response.writeHead(402).end('?');
    if (request.url === '/paid' && isPaid) {
      const header = signature === undefined ? 'X-PAYMENT-RESPONSE' : 'PAYMENT-RESPONSE';
      return void response.writeHead(200, { [header]: encode(SETTLED) }).end('goods');
    }
    offerBoth(response, `${url}${request.url}`, isPaid ? 'insufficient_funds' : 'payment_required');
  }
});

/** Answers 402 with v2 terms in the header and v1 terms in the body. */
function offerBoth(response: ServerResponse, resource: string, error: string): void {
  const shared = { scheme: 'exact', payTo: PAY_TO, asset: ASSET, maxTimeoutSeconds: 300, extra: EXTRA };
  const v2 = {
    x402Version: 2,
    error,
    resource: { url: resource, description: 'goods', mimeType: 'text/plain' },
    accepts: [{ ...shared, network: 'eip155:84532', amount: '10000' }],
  };
  const v1 = {
    x402Version: 1,
    error,
    accepts: [
      {
        ...shared,
        network: 'base-sepolia',
        maxAmountRequired: '10000',
        resource,
        description: 'goods',
        mimeType: 'text/plain',
      },
    ],
  };
  response.writeHead(402, { 'PAYMENT-REQUIRED': encode(v2), 'content-type': 'application/json' });
  response.end(JSON.stringify(v1));
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}
