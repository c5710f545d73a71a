import { Readable } from 'node:stream';
import { noEndpointCaps } from '@tollbook/domain';
import type { OutboundClient, OutboundStreamRequest } from '@tollbook/outbound';
import { OutboundError } from '@tollbook/outbound';
import type { GateEndpoint, UpstreamOutcome } from '@tollbook/usecases';
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
  requiresIdentifier: false,
  caps: noEndpointCaps,
  limits: { paid: null, unpaid: null },
  description: 'Weather',
  terms: [],
};

/** An outbound client whose answer comes in these pieces. */
function streaming(
  status: number,
  pieces: readonly string[],
  error?: Error,
): { client: OutboundClient; body: Readable } {
  async function* arriving() {
    for (const piece of pieces) yield Buffer.from(piece);
    if (error) throw error;
  }
  const body = Readable.from(arriving());
  const client: OutboundClient = {
    request: () => Promise.reject(new Error('not asked for')),
    stream: async () => ({
      status,
      headers: [
        ['content-type', 'text/plain'],
        ['content-length', '9'],
      ],
      body,
    }),
    close: async () => {},
  };
  return { client, body };
}

/** An outbound client that remembers what it was asked and answers as told. */
function outbound(answer: { status?: number; headers?: [string, string][]; body?: readonly string[] } | OutboundError) {
  const asked: OutboundStreamRequest[] = [];
  const client = {
    request: () => Promise.reject(new Error('not asked for')),
    stream: async (request: OutboundStreamRequest) => {
      asked.push(request);
      if (answer instanceof OutboundError) throw answer;
      const { status = 200, headers = [], body = [] } = answer;
      return { status, headers, body: Readable.from(body.map((piece) => Buffer.from(piece))) };
    },
    close: async () => {},
  } satisfies OutboundClient;
  return { client, asked };
}

type ToUpstream = Parameters<typeof upstreamCall>[2];

const request: ToUpstream = {
  method: 'GET',
  path: '/weather',
  rawQuery: '',
  rawHeaders: [],
  body: { kind: 'held', bytes: new Uint8Array() },
  hold: { take: () => true },
  heldBytesMax: 8,
};

const call = (client: OutboundClient, changes: Partial<ToUpstream> = {}, of = endpoint) =>
  upstreamCall(client, of, { ...request, ...changes })(attemptId, new AbortController().signal, 'held');

const callStreamed = (client: OutboundClient) =>
  upstreamCall(client, endpoint, request)(attemptId, new AbortController().signal, 'streamed');

/** An answer that is sold while it arrives, as text; null where it was held whole. */
async function streamOf(outcome: UpstreamOutcome): Promise<string | null> {
  const stream = outcome.kind === 'answered' ? outcome.answer.stream : undefined;
  if (!stream) return null;
  let text = '';
  for (let piece = await stream.next(); piece !== null; piece = await stream.next()) text += Buffer.from(piece);
  return text;
}

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

  it.each([
    'Forwarded',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'x-forwarded-proto',
    'X-Real-IP',
    'True-Client-IP',
    'X-HTTP-Method-Override',
    'X-HTTP-Method',
    'X-Method-Override',
    'X-Original-URL',
    'X-Rewrite-URL',
    'HTTP2-Settings',
    'Pay',
    'X-Remote-User',
    'Remote-User',
    'X-Original-Method',
    'X-Method',
    'X-Tollbook-Payer',
    'Fly-Client-IP',
    'CF-Connecting-IP',
    'x_payment',
    'payment_signature',
    'x_forwarded_for',
  ])('does not let a buyer say %s', async (name) => {
    const { client, asked } = outbound({});
    await call(client, { rawHeaders: [name, '10.0.0.1', 'X-Forwards', 'kept'] });
    expect(asked[0]?.headers?.map(([each]) => each)).toEqual(['x-forwards', 'idempotency-key']);
  });

  it('hands on none of our own keys, passes and sessions, wherever they stand', async () => {
    const key = `tbk_test_${'a'.repeat(50)}`;
    const { client, asked } = outbound({});
    const rawHeaders = ['Cookie', 'tollbook.session_token=secret; theirs=1', 'Authorization', `Bearer ${key}`];
    rawHeaders.push('X-API-Key', key, 'Cookie', '__Secure-tollbook.session_token=secret', 'Accept', 'a/b');
    await call(client, { rawHeaders, rawQuery: `a=1&api_key=${key}` });
    expect(asked[0]?.headers?.slice(0, -1)).toEqual([
      ['cookie', 'theirs=1'],
      ['accept', 'a/b'],
    ]);
    expect(asked[0]?.url).toBe('http://upstream.example/w?a=1');
  });

  it('lets no buyer say again what the upstream’s own URL says', async () => {
    const { client, asked } = outbound({});
    const of = { ...endpoint, upstreamUrl: 'http://up.example/echo?tier=cheap' };
    await call(client, { rawQuery: 'tier=premium&a=1&t%69er=premium' }, of);
    expect(asked[0]?.url).toBe('http://up.example/echo?tier=cheap&a=1');
  });

  it('lets an upstream say nothing of our origin or of its own host', async () => {
    const headers: [string, string][] = [
      ['Strict-Transport-Security', 'max-age=1'],
      ['Alt-Svc', 'h3=":1"'],
      ['Clear-Site-Data', '"*"'],
      ['Server', 'nginx/1'],
      ['Link', '<http://internal:9/>; rel=next'],
      ['Location', '//internal/made'],
      ['Content-Location', 'https://internal/made'],
      ['Link', '<?page=2>; rel=next'],
    ];
    const answer = await call(outbound({ headers }).client);
    expect(answer).toMatchObject({ answer: { headers: [['link', '<?page=2>; rel=next']] } });
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

  it('hands on an answer that is sold, piece by piece, and breaks off when nobody wants it', async () => {
    const { client, body } = streaming(200, ['cle', 'ar']);
    const outcome = await callStreamed(client);
    if (outcome.kind !== 'answered' || !outcome.answer.stream) throw new Error('no stream');
    expect(outcome.answer).toMatchObject({ httpStatus: 200, headers: [['content-type', 'text/plain']] });
    expect(Buffer.from((await outcome.answer.stream.next()) ?? []).toString()).toBe('cle');
    outcome.answer.stream.cancel();
    expect(body.destroyed).toBe(true);
  });

  it('reads a refusal whole, and tells one that breaks off as failed', async () => {
    const refused = await callStreamed(streaming(404, ['no ', 'such']).client);
    expect(refused).toMatchObject({ kind: 'answered', answer: { httpStatus: 404 } });
    expect(refused.kind === 'answered' && Buffer.from(refused.answer.body).toString()).toBe('no such');
    const broken = streaming(404, ['no '], new OutboundError('reset', true));
    expect(await callStreamed(broken.client)).toEqual({ kind: 'failed', reason: 'upstream_failed' });
  });

  it('holds what fits, and sells what does not while it arrives, from its first byte on', async () => {
    const held = await call(outbound({ body: ['1234', '5678'] }).client);
    expect(held.kind === 'answered' && Buffer.from(held.answer.body).toString()).toBe('12345678');
    expect(await streamOf(held)).toBeNull();
    const longer = await call(outbound({ body: ['1234', '5678', '9', '10'] }).client);
    expect(longer).toMatchObject({ kind: 'answered', answer: { httpStatus: 200, body: new Uint8Array() } });
    expect(await streamOf(longer)).toBe('12345678910');
    const whenFull = await call(outbound({ body: ['12', '34'] }).client, { hold: { take: () => false } });
    expect(await streamOf(whenFull)).toBe('1234');
  });

  it('begins no answer that has no end by its nature, and reads a refusal whole', async () => {
    const headers: [string, string][] = [['Content-Type', 'text/event-stream; charset=utf-8']];
    const sold = await call(outbound({ headers, body: ['a'] }).client);
    expect(await streamOf(sold)).toBe('a');
    const refused = await call(outbound({ status: 404, headers, body: ['not ', 'found ', 'here'] }).client);
    expect(refused.kind === 'answered' && Buffer.from(refused.answer.body).toString()).toBe('not found here');
  });

  it('drops headers that an answer calls its connection’s own', async () => {
    const headers: [string, string][] = [
      ['Connection', 'close, X-Hop'],
      ['X-Hop', '1'],
      ['Keep-Alive', 'timeout=5'],
      ['X-Payment-Response', 'forged'],
      ['X402-Invoice-Id', 'forged'],
      ['ETag', '1'],
    ];
    const answer = await call(outbound({ headers }).client);
    expect(answer).toMatchObject({ answer: { headers: [['etag', '1']] } });
  });

  it('ends a call whose buyer leaves, and none whose answer was given on', async () => {
    const leaving = new AbortController();
    const { client, asked } = outbound({ body: ['1'] });
    await upstreamCall(client, endpoint, request)(attemptId, leaving.signal, 'held');
    leaving.abort();
    expect(asked[0]?.signal?.aborted).toBe(false);
    await upstreamCall(client, endpoint, request)(attemptId, leaving.signal, 'held');
    expect(asked[1]?.signal?.aborted).toBe(true);
  });
});
