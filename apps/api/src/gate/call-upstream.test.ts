import type { OutboundClient, OutboundRequest } from '@tollbook/outbound';
import { OutboundError } from '@tollbook/outbound';
import type { GateEndpoint } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { upstreamCall } from './call-upstream.js';

const attemptId = '01900000-0000-7000-8000-000000000001';
const endpoint: GateEndpoint = {
  endpointId: '01900000-0000-7000-8000-000000000002',
  method: 'GET',
  path: '/weather',
  upstreamUrl: 'http://upstream.example/w',
  timeoutMs: 1_000,
  isEnabled: true,
  limits: { paid: null, unpaid: null },
  description: 'Weather',
  terms: [],
};

/** An outbound client that remembers what it was asked and answers as told. */
function outbound(answer: Partial<Awaited<ReturnType<OutboundClient['request']>>> | OutboundError) {
  const asked: OutboundRequest[] = [];
  const client = {
    request: async (request: OutboundRequest) => {
      asked.push(request);
      if (answer instanceof OutboundError) throw answer;
      return { status: 200, headers: [], body: new Uint8Array(), isTruncated: false, ...answer };
    },
    stream: () => Promise.reject(new Error('not asked for')),
    close: async () => {},
  } satisfies OutboundClient;
  return { client, asked };
}

const call = (client: OutboundClient, changes: Partial<Parameters<typeof upstreamCall>[2]> = {}, of = endpoint) =>
  upstreamCall(client, of, {
    method: 'GET',
    path: '/weather',
    rawQuery: '',
    rawHeaders: [],
    body: new Uint8Array(),
    ...changes,
  })(attemptId, new AbortController().signal);

describe('upstreamCall', () => {
  it('hands on what the merchant may see and nothing of the payment or the connection', async () => {
    const { client, asked } = outbound({});
    const rawHeaders = [
      'Accept',
      'text/plain',
      'PAYMENT-SIGNATURE',
      'x',
      'X-Payment',
      'x',
      'Connection',
      'keep-alive, X-Hop',
    ];
    rawHeaders.push(
      'X-Hop',
      '1',
      'Host',
      'forged',
      'X402-Invoice-Id',
      'inv',
      'Idempotency-Key',
      'theirs',
      'Authorization',
      'Basic eA==',
    );
    await call(client, { rawHeaders });
    expect(asked[0]?.headers).toEqual([
      ['accept', 'text/plain'],
      ['authorization', 'Basic eA=='],
      ['idempotency-key', expect.stringMatching(/^att_[a-z2-7]{26}$/)],
    ]);
  });

  it('names the same idempotency key for every call of one attempt', async () => {
    const { client, asked } = outbound({});
    await call(client);
    await call(client);
    expect(asked[0]?.headers).toEqual(asked[1]?.headers);
  });

  it('keeps end-to-end headers of the answer and drops what only Tollbook may say', async () => {
    const headers: [string, string][] = [
      ['content-type', 'text/plain'],
      ['set-cookie', 'a=b'],
      ['transfer-encoding', 'chunked'],
      ['payment-response', 'forged'],
      ['tollbook-charged', 'no'],
    ];
    const { client } = outbound({ headers });
    expect(await call(client)).toMatchObject({
      kind: 'answered',
      answer: { headers: [['content-type', 'text/plain']] },
    });
  });

  it.each([
    ['timeout', 'upstream_timeout'],
    ['connect_failed', 'upstream_failed'],
    ['too_large', 'upstream_failed'],
    ['address_blocked', 'upstream_failed'],
  ] as const)('tells a %s as %s', async (code, reason) => {
    const { client } = outbound(new OutboundError(code, true));
    expect(await call(client)).toEqual({ kind: 'failed', reason });
  });

  it('appends the path of a pattern to its upstream, and the query to both', async () => {
    const { client, asked } = outbound({});
    await call(client, { rawQuery: 'a=1' });
    await call(
      client,
      { path: '/files/x', rawQuery: 'b=2' },
      { ...endpoint, path: '/files/*', upstreamUrl: 'http://up.example/root/?k=1' },
    );
    expect(asked.map((each) => each.url)).toEqual([
      'http://upstream.example/w?a=1',
      'http://up.example/root/files/x?k=1&b=2',
    ]);
  });
});
