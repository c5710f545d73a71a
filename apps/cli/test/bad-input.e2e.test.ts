import { connect } from 'node:net';
import { requestOffer, signPayment } from '@tollbook/sandbox';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, signedHeader, type TamperedPayload, tampered } from './buyer.js';
import { install } from './install.js';
import { type Process, startWorld, type World } from './world.js';

describe('what the gate answers to a payment that is not right', () => {
  let world: World;
  let api: Process;
  let url: string;

  beforeAll(async () => {
    world = await startWorld();
    await install(world);
    api = await world.startApi();
    await world.startWorker();
    url = `${api.url}/g/demo/weather`;
  });
  afterAll(() => world.stop());

  it('answers an unpaid request with both challenges and plain headers', async () => {
    const answer = await send(url);
    expect(answer.status).toBe(402);
    expect(answer.header('cache-control')).toBe('no-store');
    const v2 = JSON.parse(Buffer.from(answer.header('payment-required') ?? '', 'base64').toString());
    const v1 = JSON.parse(answer.body);
    expect([v2.x402Version, v1.x402Version, v1.code, v2.error]).toEqual([2, 1, 'payment_required', 'payment_required']);
    const { extra } = v2.accepts[0];
    expect(extra).toMatchObject({ name: 'USDC', version: '2', primaryType: 'TransferWithAuthorization' });
    expect(v1.accepts[0].extra).toEqual(extra);
    expect(extra.invoiceId).toMatch(/^inv_[a-z2-7]{80}$/);
    expect(extra.paymentId).toMatch(/^pi_[a-z2-7]{26}$/);
    const merchant = world.sandbox.info.merchant.evmAddress;
    const plain = ['address', 'amount', 'currency', 'network', 'asset', 'invoice-id', 'expires-at', 'payment-url'];
    const [address, amount, currency, network, asset, invoiceId, expiresAt, paymentUrl] = [
      answer.header('x402-payment-address'),
      ...plain.slice(1, 7).map((name) => answer.header(`x402-${name}`)),
      answer.header('x402-payment-url'),
    ];
    expect([address, amount, currency, network]).toEqual([merchant, '0.01', 'USDC', 'eip155:84532']);
    expect([asset, invoiceId, expiresAt]).toEqual([world.sandbox.info.evm.usdc, extra.invoiceId, extra.expiresAt]);
    expect(paymentUrl).toContain(`/pay/${extra.invoiceId}`);
  });

  it.each([
    ['/g/demo/unknown', 404, 'endpoint_unknown'],
    ['/g/nobody/weather', 404, 'endpoint_unknown'],
    ['/g/demo', 404, 'endpoint_unknown'],
    ['/g/demo//weather', 400, 'path_not_canonical'],
    ['/g/demo/%77eather', 400, 'path_not_canonical'],
    ['/g/demo/weather;a=b', 400, 'path_not_canonical'],
    ['/g/demo/weather%2F', 400, 'path_not_canonical'],
    ['/g/demo/Weather', 404, 'endpoint_unknown'],
    ['/g/demo/weather/', 404, 'endpoint_unknown'],
  ])('does not forward %s', async (path, status, code) => {
    const calls = world.upstream.keys.length;
    const answer = await send(api.url + path);
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(answer.header('payment-required')).toBeNull();
    expect(world.upstream.keys.length).toBe(calls);
  });

  it('sells for its own method, and prices HEAD like GET', async () => {
    const post = await send(url, {}, { method: 'POST', body: '{}' });
    expect([post.status, post.code, post.header('allow')]).toEqual([405, 'method_not_allowed', 'GET, HEAD']);
    expect((await send(url, {}, { method: 'HEAD' })).status).toBe(402);
  });

  it.each([
    ['not base64', { 'PAYMENT-SIGNATURE': '***' }, 'payment_malformed'],
    ['not JSON', { 'PAYMENT-SIGNATURE': Buffer.from('{').toString('base64') }, 'payment_malformed'],
    ['over 8 KiB', { 'PAYMENT-SIGNATURE': 'A'.repeat(9000) }, 'payment_malformed'],
    ['doubled', { 'PAYMENT-SIGNATURE': 'e30=, e30=' }, 'payment_malformed'],
    ['of both versions', { 'PAYMENT-SIGNATURE': 'e30=', 'X-PAYMENT': 'e30=' }, 'payment_malformed'],
    [
      'of an unknown version',
      { 'PAYMENT-SIGNATURE': Buffer.from('{"x402Version":9}').toString('base64') },
      'version_unsupported',
    ],
    ['in an older header', { 'X-X402-Intent': 'e30=' }, 'payment_header_unsupported'],
  ])('refuses a payment header that is %s, with a fresh offer', async (_what, headers, code) => {
    const answer = await send(url, headers as Record<string, string>);
    expect([answer.status, answer.code]).toEqual([400, code]);
    expect(answer.header('payment-required')).not.toBeNull();
  });

  it('refuses a payment header that stands twice in the request', async () => {
    const header = await signedHeader(world, url);
    const [[name, value] = ['', '']] = Object.entries(header);
    const calls = world.upstream.keys.length;
    const head = await rawAnswer(url, [`${name}: ${value}`, `${name}: ${value}`]);
    expect(head).toContain('HTTP/1.1 400');
    expect(head.toLowerCase()).toContain('payment-required: ');
    expect(world.upstream.keys.length).toBe(calls);
  });

  it('leaves headers over 16 KiB to the server, which answers 431', async () => {
    expect(await rawAnswer(url, [`PAYMENT-SIGNATURE: ${'A'.repeat(17_000)}`])).toContain('HTTP/1.1 431');
  });

  const stranger = privateKeyToAccount(generatePrivateKey()).address;
  const faults: [string, (payload: TamperedPayload) => void][] = [
    [
      'not_offered',
      (p) => {
        p.accepted.scheme = 'upto';
      },
    ],
    [
      'network_mismatch',
      (p) => {
        p.accepted.network = 'eip155:1';
      },
    ],
    [
      'asset_mismatch',
      (p) => {
        p.accepted.asset = stranger;
      },
    ],
    [
      'recipient_mismatch',
      (p) => {
        p.accepted.payTo = stranger;
      },
    ],
    [
      'recipient_mismatch',
      (p) => {
        p.payload.authorization.to = stranger;
      },
    ],
    [
      'amount_mismatch',
      (p) => {
        p.accepted.amount = '9999';
      },
    ],
    [
      'amount_mismatch',
      (p) => {
        p.payload.authorization.value = '9999';
      },
    ],
    [
      'authorization_window',
      (p) => {
        p.payload.authorization.validBefore = String(Math.floor(Date.now() / 1000) + 10);
      },
    ],
    [
      'authorization_window',
      (p) => {
        p.payload.authorization.validAfter = String(Math.floor(Date.now() / 1000) + 1000);
      },
    ],
    [
      'resource_mismatch',
      (p) => {
        if (p.resource) p.resource.url = 'http://127.0.0.1/g/demo/other';
      },
    ],
    [
      'signature_invalid',
      (p) => {
        p.payload.signature = `0x${'12'.repeat(64)}1b`;
      },
    ],
    [
      'invoice_unknown',
      (p) => {
        p.accepted.extra.invoiceId = `inv_${'a'.repeat(80)}`;
      },
    ],
  ];
  it.each(faults)('refuses %s with 402, and takes the same payload once the fault is mended', async (code, fault) => {
    const calls = world.upstream.keys.length;
    const header = await signedHeader(world, url);
    const refused = await send(url, tampered(header, fault));
    expect([refused.status, refused.code]).toEqual([402, code]);
    expect(refused.header('payment-required')).not.toBeNull();
    expect(world.upstream.keys.length).toBe(calls);
    expect((await send(url, header)).status).toBe(200);
  });

  it('refuses a payer who holds too little, and takes the same payload once the balance is there', async () => {
    const privateKey = generatePrivateKey();
    const offer = await requestOffer({ url, method: 'GET' });
    const signed = await signPayment({ offer, privateKey, version: 2 });
    const header = { [signed.headerName]: signed.rawHeader };
    const refused = await send(url, header);
    expect([refused.status, refused.code]).toEqual([402, 'insufficient_funds']);
    expect(refused.header('payment-required')).not.toBeNull();
    const faucet = await fetch(`${api.url}/sandbox/faucet`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ network: 'eip155:84532', address: privateKeyToAccount(privateKey).address, amount: '1' }),
    });
    expect(faucet.status).toBe(200);
    expect((await send(url, header)).status).toBe(200);
  });

  it('charges nothing for an upstream that fails, and lets the same payload pay later', async () => {
    const header = await signedHeader(world, url);
    world.upstream.answerWith((_request, response) => {
      response.writeHead(500, { 'x-secret': 'internal' });
      response.end('stack trace');
    });
    const failed = await send(url, header);
    expect([failed.status, failed.code, failed.header('tollbook-charged')]).toEqual([502, 'upstream_failed', 'no']);
    expect(failed.body).not.toContain('stack trace');
    world.upstream.answerWith((_request, response) => response.writeHead(200).end('mended'));
    const paid = await send(url, header);
    expect([paid.status, paid.body]).toEqual([200, 'mended']);
  });

  it.each([
    [undefined, 'authentication_required'],
    ['Bearer nonsense', 'api_key_invalid'],
    [`Bearer tbk_test_${'a'.repeat(50)}`, 'api_key_invalid'],
  ])('answers 401 to the authorization %s', async (authorization, code) => {
    for (const path of ['/v1/payments', '/v1/payments/pi_x', '/v1/books/proof', '/v1/discrepancies']) {
      const answer = await send(api.url + path, authorization === undefined ? {} : { authorization });
      expect([answer.status, answer.code]).toEqual([401, code]);
    }
  });

  it('names the parameter that is wrong', async () => {
    const { key } = await install(world);
    const authorization = `Bearer ${key}`;
    const cases: [string, number, string][] = [
      ['/v1/payments?limit=0', 400, 'parameter_invalid'],
      ['/v1/payments?after=abc', 400, 'cursor_invalid'],
      ['/v1/payments?colour=red', 400, 'parameter_unknown'],
      ['/v1/payments/pi_nonsense', 404, 'not_found'],
      ['/v1/books/proof?network=eip155:84532&block=999999999', 409, 'block_not_confirmed'],
      ['/v1/books/proof?network=eip155:1', 400, 'network_unknown'],
      ['/v1/nothing', 404, 'not_found'],
    ];
    for (const [path, status, code] of cases) {
      const answer = await send(api.url + path, { authorization });
      expect([path, answer.status, answer.code]).toEqual([path, status, code]);
      expect(answer.header('content-type')).toContain('application/problem+json');
    }
  });
});

/** The head of the answer to a request written by hand: clients would join or drop what is tested here. */
function rawAnswer(url: string, headers: string[]): Promise<string> {
  const { hostname, port, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      socket.destroy();
      resolve(text);
    });
    socket.write([`GET ${pathname} HTTP/1.1`, `host: ${hostname}`, ...headers, '', ''].join('\r\n'));
  });
}
