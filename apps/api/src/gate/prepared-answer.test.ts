import type { ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { noEndpointCaps, type RatePolicy } from '@tollbook/domain';
import { buildSealKey, buildTerms, scriptedFacilitators, testCrypto, testSealer } from '@tollbook/testing';
import { type GateBook, type GateEndpoint, RateTally } from '@tollbook/usecases';
import { sealedPlaces } from '@tollbook/vault';
import fc from 'fast-check';
import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GateDeps, handleGate } from './gate-handler.js';
import { GateRoute } from './gate-route.js';
import { GateSnapshot } from './gate-snapshot.js';
import { HeldBytes } from './held-bytes.js';
import { keepAliveSeconds } from './keep-alive.js';
import { UnpaidLimit } from './limit-unpaid.js';
import { OfferCounts } from './offer-counts.js';
import { RecentFinds } from './recent-finds.js';
import { AnswerWriter, type OfferToWrite } from './write-answer.js';

const publicUrl = 'https://pay.example';
const nowMs = 1_795_000_000_000;
const fail = (error: unknown) => {
  throw error;
};

/** Counts how often an answer was composed, which one that stands ready never is. */
class CountingWriter extends AnswerWriter {
  composed = 0;
  override compose(...args: Parameters<AnswerWriter['compose']>) {
    this.composed += 1;
    return super.compose(...args);
  }
}

/** Writes every offer as all other answers are written. */
class PlainWriter extends CountingWriter {
  override offer(response: ServerResponse, offer: OfferToWrite, headers: readonly string[] | undefined): void {
    this.refuse(response, 'payment_required', { offer, headers });
  }
}

class FrozenSnapshot extends GateSnapshot {
  override nowMs(): number {
    return nowMs;
  }
}

const entries = buildTerms().networks.flatMap((entry) => [
  entry,
  { ...entry, network: 'eip155:8453', asset: { ...entry.asset, eip712: { name: 'USD Coin', version: '2' } } },
]);
const endpoint = (method: string, path: string, number: bigint, changes: Partial<GateEndpoint> = {}) => ({
  endpointId: `01900000-0000-7000-8000-00000000000${number}`,
  upstreamUrl: 'http://upstream.example/',
  timeoutMs: 1_000,
  isEnabled: true,
  requiresIdentifier: false,
  caps: noEndpointCaps,
  limits: { paid: null, unpaid: null },
  description: `${method} it`,
  terms: [buildTerms({ number, networks: entries })],
  ...{ method, path },
  ...changes,
});
const policy: RatePolicy = { points: 1_000_000, windowSeconds: 60, burst: 0 };
const book: GateBook = {
  bookId: 1,
  merchantId: '01900000-0000-7000-8000-000000000001',
  mode: 'test',
  gateSlug: 'demo',
  timeZone: 'UTC',
  configVersion: 1n,
  overrides: new Map(),
  allowedPayers: new Map(),
  facilitators: [],
  endpoints: [
    endpoint('GET', '/weather', 1n),
    endpoint('POST', '/orders', 2n, { description: 'Tägliche Zahlen, 天気' }),
    endpoint('GET', '/limited', 3n, { limits: { paid: null, unpaid: policy } }),
    endpoint('GET', '/quotes/:symbol', 4n),
    endpoint('GET', '/priced', 5n, { terms: [buildTerms({ number: 5n, pricedQuery: ['units'] })] }),
    // A text that stands where a sample is looked for.
    endpoint('GET', '/odd', 6n, { description: `inv_${'a2'.repeat(40)}` }),
  ],
};

/** The gate as it is composed, on a server of its own; only its clock stands still. */
async function startGate(writer: AnswerWriter, place: 'before Fastify' | 'by its route') {
  let drawn = testCrypto('the same for both');
  const crypto = { ...drawn, randomBytes: (count: number) => drawn.randomBytes(count) };
  /** Begins with the same ids and the same standing again. */
  const again = () => {
    drawn = testCrypto('the same for both');
    used = 0;
  };
  const sealer = testSealer();
  const { secret, ...key } = buildSealKey();
  const secretSealed = sealer.seal('', secret, sealedPlaces.sealKeySecret);
  const snapshot = new FrozenSnapshot({
    store: {
      versions: () => Promise.resolve({ books: [book], nowMs }),
      loadBook: () => Promise.resolve(book),
      sealKeys: () => Promise.resolve([{ ...key, secretSealed }]),
      terms: () => Promise.resolve(null),
      beat: () => Promise.resolve(),
    },
    ...{ sealer, crypto, publicUrl, bootId: 'boot', report: fail, learnDataKeys: () => Promise.resolve() },
  });
  await snapshot.start();
  let used = 0;
  const unpaidLimit = new UnpaidLimit({
    limiter: {
      consume: (_key, of) => {
        used += 1;
        const standing = { used, left: of.points - used, resetsInSeconds: 9, burstLeft: 0, burstResetsInSeconds: 9 };
        return Promise.resolve({ kind: 'allowed', policy: of, standing });
      },
      read: () => Promise.resolve(null),
      knownExhausted: () => null,
    },
    tally: new RateTally(),
    clientNetKey: new Uint8Array(32),
    clientAddressOf: () => '192.0.2.1',
    nowMs: () => nowMs,
  });
  const deps = {
    purchase: { crypto, facilitators: scriptedFacilitators(), chainOf: () => ({ hasGasSigner: true }) },
    recent: new RecentFinds(snapshot),
    ...{ snapshot, writer, publicUrl, unpaidLimit, report: fail, count: () => {}, held: new HeldBytes() },
    offerCounts: new OfferCounts({ save: () => Promise.resolve() }, fail),
  } as unknown as GateDeps;
  const server = fastify({ keepAliveTimeout: keepAliveSeconds * 1000 });
  const connections: Socket[] = [];
  server.server.on('connection', (socket) => connections.push(socket));
  const route = new GateRoute();
  route.open((request, response) => void handleGate(deps, request, response)?.catch(fail));
  await server.register(route.plugin);
  if (place === 'before Fastify') route.standBefore(server.server);
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const stop = async () => {
    await snapshot.stop();
    await server.close();
  };
  return { port, connections, again, stop };
}

/** Everything that a server answers to these bytes, until it closes. */
function exchange(port: number, chunks: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const got: Buffer[] = [];
    socket.on('error', reject);
    socket.on('data', (chunk) => got.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(got).toString('utf8')));
    for (const chunk of chunks) socket.write(chunk);
  });
}

const withoutDate = (text: string) =>
  text.replace(/\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/g, '\r\nDate\r\n');

describe('an offer that stands ready', () => {
  const fastWriter = new CountingWriter(publicUrl);
  const plainWriter = new PlainWriter(publicUrl);
  let fast: Awaited<ReturnType<typeof startGate>>;
  let plain: Awaited<ReturnType<typeof startGate>>;

  beforeAll(async () => {
    fast = await startGate(fastWriter, 'before Fastify');
    plain = await startGate(plainWriter, 'by its route');
  });
  afterAll(async () => {
    await fast.stop();
    await plain.stop();
  });

  it('is byte for byte what is written otherwise, whatever stands in the request and around it', async () => {
    const usual = fc.constantFrom(
      '/g/demo/weather',
      '/g/demo/weather?a=b',
      '/g/demo/priced?units=c',
      '/g/demo/limited',
    );
    const odd = fc.constantFrom(
      ...['/g/demo/orders', '/g/demo/quotes/gold', '/g/demo/priced?units=c&units=f', '/g/demo/odd', '/g/other/weather'],
      ...['/g/demo//weather', '/g/demo/%77eather', '/g/demo/Weather', 'http://pay.example/g/demo/weather'],
    );
    const target = fc.oneof({ arbitrary: usual, weight: 2 }, { arbitrary: odd, weight: 1 });
    const line = fc.constantFrom(
      ...['Origin: https://shop.example', 'User-Agent: curl/8', 'Accept: */*', 'X-Payment: e30=', 'Pay: e30='],
      ...['Authorization: Bearer x', 'Upgrade: websocket', 'Expect: 100-continue', 'Connection: keep-alive'],
      ...['X-HTTP-Method-Override: POST', 'Cookie: a=b', 'Host: other.example', 'Payment-Signature: %%%'],
    );
    const request = fc
      .record({
        method: fc.constantFrom('GET', 'GET', 'GET', 'GET', 'GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'),
        target,
        lines: fc.uniqueArray(line, { maxLength: 3 }),
        body: fc.constantFrom('', '', 'content', 'chunked'),
      })
      .map(({ method, target, lines, body }) => {
        const framed = {
          '': '\r\n',
          content: 'Content-Length: 5\r\n\r\nhello',
          chunked: 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
        }[body];
        return `${method} ${target} HTTP/1.1\r\nHost: x\r\n${lines.map((each) => `${each}\r\n`).join('')}${framed}`;
      });
    // What comes after a request that closes is no request any more.
    const last = fc.constantFrom(
      'GET /g/demo/weather HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      'GET /g/demo/weather HTTP/1.0\r\n\r\n',
    );
    let offers = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 8 }), last, fc.nat(), async (requests, closing, cut) => {
        const text = requests.join('') + closing;
        const at = cut % text.length;
        fast.again();
        plain.again();
        const chunks = [text.slice(0, at), text.slice(at)];
        const [left, right] = await Promise.all([exchange(fast.port, chunks), exchange(plain.port, chunks)]);
        expect(withoutDate(left)).toBe(withoutDate(right));
        offers += left.split('HTTP/1.1 402').length - 1;
      }),
      { numRuns: 200 },
    );
    // Both have answered the same: what the one composed less, it sent as it stood ready.
    expect(offers).toBeGreaterThan(20);
    expect(plainWriter.composed - fastWriter.composed).toBeGreaterThan(5);
  });

  it('tells who asks a server that closes to leave', async () => {
    const closing = await startGate(new AnswerWriter(publicUrl), 'before Fastify');
    const request = 'GET /g/demo/weather HTTP/1.1\r\nHost: x\r\n\r\n';
    const socket = connect({ port: closing.port, host: '127.0.0.1' });
    const answers = socket.setEncoding('utf8')[Symbol.asyncIterator]();
    // Half of the next request: a connection that is in use is not closed with the idle ones.
    socket.write(`${request}${request.slice(0, 20)}`);
    expect((await answers.next()).value).toMatch(/^HTTP\/1\.1 402 /);
    const stopped = closing.stop();
    socket.write(request.slice(20));
    let rest = '';
    for await (const text of { [Symbol.asyncIterator]: () => answers }) rest += text;
    expect(rest).toMatch(/^HTTP\/1\.1 503 .*\r\n(?:.*\r\n)*Connection: close\r\n/i);
    await stopped;
  });

  it('tells each of many that wait for a slow reader an id of its own', async () => {
    const count = 2_500;
    const socket = connect({ port: fast.port, host: '127.0.0.1' });
    const ahead = fast.connections.length;
    await expect.poll(() => fast.connections.length).toBe(ahead + 1);
    const request = 'GET /g/demo/weather HTTP/1.1\r\nHost: x\r\n\r\n';
    socket.write(request.repeat(count));
    const atServer = fast.connections.at(-1);
    await expect.poll(() => atServer?.writableLength ?? 0).toBeGreaterThan(0);
    // Who does not read gets answers to what was read of him at once, and no more.
    expect(atServer?.writableLength).toBeLessThan(10_000_000);
    const got: Buffer[] = [];
    let bytes = 0;
    let length = Number.POSITIVE_INFINITY;
    for await (const chunk of socket) {
      // All have one length.
      if (got.length === 0) length = chunk.indexOf('}HTTP/1.1') + 1;
      got.push(chunk);
      bytes += chunk.length;
      if (bytes >= length * count) break;
    }
    expect(bytes).toBe(length * count);
    const answers = Buffer.concat(got).toString().split('HTTP/1.1 402 Payment Required\r\n').slice(1);
    const ids = answers.map((answer) => {
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      const told = new Set(answer.match(/inv_[a-z2-7]+/g));
      const encoded = /payment-required: (\S+)/.exec(head)?.[1] ?? '';
      for (const id of Buffer.from(encoded, 'base64')
        .toString()
        .match(/inv_[a-z2-7]+/g) ?? [])
        told.add(id);
      expect(JSON.parse(body).invoiceId).toBe([...told].join());
      expect(Math.abs(Date.parse(/Date: (.*)/.exec(head)?.[1] ?? '') - Date.now())).toBeLessThan(60_000);
      return [...told][0];
    });
    expect(new Set(ids).size).toBe(count);
  });
});
