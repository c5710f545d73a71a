import { connect } from 'node:net';
import { endpointMatchSchema, offerSchema } from '@tollbook/contract';
import { requestOffer } from '@tollbook/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from './api-client.js';
import { send, signedHeader, tampered } from './buyer.js';
import { install } from './install.js';
import { addMerchant } from './second-merchant.js';
import { eventually, type Process, startWorld, type World } from './world.js';

const network = 'eip155:84532';

describe('the gate on the wire', () => {
  let world: World;
  let api: Process;
  let url: string;
  let client: ReturnType<typeof apiClient>;
  let stranger: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    world = await startWorld();
    const { key } = await install(world);
    const counter = new URL('./count-statements.mjs', import.meta.url).href;
    api = await world.startApi({}, ['--import', counter]);
    await world.startWorker();
    url = `${api.url}/g/demo/weather`;
    client = apiClient(api.url, key);
    stranger = apiClient(api.url, (await addMerchant(world, 'other')).key);
    await eventually('the new book is known', async () => (await stranger.get('/v1/wallets')).status === 200);
  });
  afterAll(() => world.stop());

  /** Sends a target as it is written: clients would make it canonical first. */
  const raw = (line: string, headers: readonly string[] = []) => rawAnswer(api.url, line, headers);

  describe('of targets that are not canonical', () => {
    it.each([
      ['GET /g//demo/weather HTTP/1.1', 400],
      ['GET /g/demo//weather HTTP/1.1', 400],
      ['GET /g/demo/./weather HTTP/1.1', 400],
      ['GET /g/demo/x/../weather HTTP/1.1', 400],
      ['GET /g/demo/%2e/weather HTTP/1.1', 400],
      ['GET /g/demo/x/%2e%2e/weather HTTP/1.1', 400],
      ['GET /g/demo/%2E%2E/weather HTTP/1.1', 400],
      ['GET /g/demo/%77eather HTTP/1.1', 400],
      ['GET /g/%64emo/weather HTTP/1.1', 400],
      ['GET /g/demo%2Fweather HTTP/1.1', 400],
      ['GET /g/demo/weather%2F HTTP/1.1', 400],
      ['GET /g/demo/weather%00 HTTP/1.1', 400],
      ['GET /g/demo/weather% HTTP/1.1', 400],
      ['GET /g/demo/weather;v=2 HTTP/1.1', 400],
      ['GET /g/demo\\weather HTTP/1.1', 400],
      ['GET /g/demo/x\\..\\weather HTTP/1.1', 400],
      ['GET http://shop.example/g/demo/weather HTTP/1.1', 400],
      ['GET /g/demo/Weather HTTP/1.1', 404],
      ['GET /g/Demo/weather HTTP/1.1', 404],
      ['GET /g/demo/weather/ HTTP/1.1', 404],
    ])('answers %s with %i, and calls no upstream (A26)', async (line, status) => {
      const calls = world.upstream.keys.length;
      const answer = await raw(line);
      expect([line, answer.status]).toEqual([line, status]);
      expect(answer.code).toBe(status === 400 ? 'path_not_canonical' : 'endpoint_unknown');
      expect(answer.head).not.toMatch(/payment-required:/i);
      expect(world.upstream.keys.length).toBe(calls);
    });

    it('serves nothing where only a careless reader would see the gate (A26)', async () => {
      const calls = world.upstream.keys.length;
      const disguises = ['//g/demo/weather', '/G/demo/weather', '/./g/demo/weather', '/x/../g/demo/weather'];
      for (const path of [...disguises, '/g\\demo/weather', '/x/%2e%2e/g/demo/weather', 'https://x']) {
        const answer = await raw(`GET ${path} HTTP/1.1`);
        expect([path, answer.status, answer.code]).toEqual([path, 400, 'path_not_canonical']);
      }
      expect(world.upstream.keys.length).toBe(calls);
    });

    it('answers a request without a Host, and one that wants a tunnel, like others that cannot be read', async () => {
      for (const line of ['GET /g/demo/weather HTTP/1.1\r\nX-No: host\r\n\r\n', 'CONNECT a.example:443 HTTP/1.1']) {
        expect(await raw(line)).toMatchObject({ status: 400, code: 'request_invalid' });
      }
    });

    it('says the same of a path when it is asked, with its reason', async () => {
      const asked = async (method: string, path: string) => {
        const answer = await client.post('/v1/endpoints/match', { method, path });
        expect(answer.status, JSON.stringify(answer.body)).toBe(200);
        return endpointMatchSchema.parse(answer.body);
      };
      const rows: readonly (readonly [string, string, number, string])[] = [
        ['GET', '/weather', 402, 'only_pattern'],
        ['HEAD', '/weather', 402, 'only_pattern'],
        ['GET', '/weather?units=c', 402, 'only_pattern'],
        ['POST', '/weather', 405, 'other_method'],
        ['OPTIONS', '/weather', 204, 'preflight'],
        ['FOO', '/weather', 400, 'method_unreadable'],
        ['get', '/weather', 400, 'method_unreadable'],
        ['GET', '/nothing', 404, 'no_pattern'],
        ['GET', '/Weather', 404, 'other_spelling'],
        ['GET', '/weather/', 404, 'other_spelling'],
        ['GET', '//weather', 400, 'empty_segment'],
        ['GET', '/x/../weather', 400, 'dot_segment'],
        ['GET', '/%77eather', 400, 'percent_needless'],
        ['GET', '/weather;v=2', 400, 'character_not_allowed'],
      ];
      for (const [method, path, status, reason] of rows) {
        const told = await asked(method, path);
        expect([path, told.status, told.reason]).toEqual([path, status, reason]);
        expect((await raw(`${method} /g/demo${path} HTTP/1.1`)).status).toBe(status);
      }
      expect((await asked('POST', '/weather')).allowedMethods).toEqual(['GET', 'HEAD']);
      expect((await stranger.post('/v1/endpoints/match', { method: 'GET', path: '/weather' })).body).toMatchObject({
        status: 404,
        candidates: [],
      });
      const unnamed = await client.post('/v1/endpoints/match', { method: 'GET' });
      expect([unnamed.status, unnamed.body.parameter]).toEqual([400, 'path']);
    });

    it('tells which of several patterns is met', async () => {
      const draft = (path: string, amount: string) => ({
        ...{ method: 'GET', path, upstream: world.upstream.url, price: { amount }, networks: [network] },
      });
      expect((await client.post('/v1/endpoints', draft('/quotes/:symbol', '0.01'))).status).toBe(201);
      expect((await client.post('/v1/endpoints', draft('/quotes/gold', '5'))).status).toBe(201);
      const match = await eventually('both are sold', async () => {
        const { body } = await client.post('/v1/endpoints/match', { method: 'HEAD', path: '/quotes/gold' });
        return body.candidates.length === 2 && endpointMatchSchema.parse(body);
      });
      expect(match).toMatchObject({ reason: 'closest_pattern', endpoint: { path: '/quotes/gold' } });
      expect(match.candidates.map(({ path }) => path)).toEqual(['/quotes/gold', '/quotes/:symbol']);
      expect((await send(`${api.url}/g/demo/quotes/gold`)).header('x402-amount')).toBe('5');
      expect((await send(`${api.url}/g/demo/quotes/GOLD`)).code).toBe('endpoint_unknown');
    });
  });

  it('prices HEAD like GET, ignores an overridden method, and upgrades nothing (A27)', async () => {
    const head = await raw('HEAD /g/demo/weather HTTP/1.1');
    expect([head.status, head.header('x402-amount')]).toEqual([402, '0.01']);
    const overridden = await raw('GET /g/demo/weather HTTP/1.1', ['X-HTTP-Method-Override: DELETE']);
    expect([overridden.status, overridden.header('x402-amount')]).toEqual([402, '0.01']);
    const posted = await raw('POST /g/demo/weather HTTP/1.1', ['X-HTTP-Method-Override: GET', 'Content-Length: 0']);
    expect([posted.status, posted.code]).toEqual([405, 'method_not_allowed']);
    const key = Buffer.alloc(16).toString('base64');
    const upgraded = await raw('GET /g/demo/weather HTTP/1.1', [
      ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${key}`],
    ]);
    expect([upgraded.status, upgraded.code]).toEqual([501, 'upgrade_not_supported']);
  });

  it.each([
    ['X-X402-Intent: e30=', 'x-x402-intent'],
    ['Authorization: x402 e30=', 'authorization: x402'],
    ['Pay: e30=', 'pay'],
  ])('names the right header to whoever sends %s', async (header, named) => {
    const answer = await raw('GET /g/demo/weather HTTP/1.1', [header]);
    expect([answer.status, answer.code]).toEqual([400, 'payment_header_unsupported']);
    expect(answer.header('payment-required')).toBeDefined();
    const { detail, accepts } = JSON.parse(answer.body);
    expect(detail).toContain(`"${named}"`);
    expect(detail).toContain('PAYMENT-SIGNATURE');
    expect(accepts).toHaveLength(1);
  });

  describe('to pages of other origins', () => {
    const origin = { origin: 'https://shop.example' };

    it.each(['/g/demo/weather', '/g/demo/nothing', '/pay/inv_x', '/pay/inv_x/x402'])(
      'answers a preflight of %s by itself, without a statement',
      async (path) => {
        const calls = world.upstream.keys.length;
        await statements(api);
        const answers = await Promise.all(
          Array.from({ length: 20 }, () =>
            send(
              api.url + path,
              {
                ...origin,
                'access-control-request-method': 'GET',
                'access-control-request-headers': 'payment-signature,access-control-expose-headers',
              },
              { method: 'OPTIONS' },
            ),
          ),
        );
        const [answer] = answers;
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
        expect(answer?.header('access-control-allow-origin')).toBe('*');
        expect(answer?.header('access-control-allow-credentials')).toBeNull();
        const allowed = (answer?.header('access-control-allow-headers') ?? '').toLowerCase().split(', ');
        expect(allowed).toEqual(
          expect.arrayContaining([
            ...['payment-signature', 'x-payment', 'sign-in-with-x', 'access-control-expose-headers'],
            ...['content-type', 'authorization', 'x402-payment-tx', 'x402-payment-proof', 'x402-invoice-id'],
          ]),
        );
        // The configuration is followed and counts are kept all the time; a preflight asks for nothing of its own.
        const own = (await statements(api)).filter((text) => /endpoints|attempts|terms|payment_intents/.test(text));
        expect(own).toEqual([]);
        expect(world.upstream.keys.length).toBe(calls);
      },
    );

    it('lets them read an offer, its payment and its page, and nothing of the merchant’s', async () => {
      const unpaid = await send(url, origin);
      expect([unpaid.status, unpaid.header('access-control-allow-origin')]).toEqual([402, '*']);
      const exposed = (unpaid.header('access-control-expose-headers') ?? '').toLowerCase().split(', ');
      const named = ['payment-required', 'payment-response', 'x-payment-response', 'tollbook-invoice'];
      expect(exposed).toEqual(expect.arrayContaining([...named, 'x402-invoice-id', 'x402-amount', 'retry-after']));
      expect((await send(url)).header('access-control-allow-origin')).toBeNull();
      const paid = await send(url, { ...origin, ...(await signedHeader(world, url)) });
      expect([paid.status, paid.header('access-control-allow-origin')]).toEqual([200, '*']);
      const page = await send(`${api.url}/pay/${paid.header('tollbook-invoice')}`, {
        ...origin,
        accept: 'application/json',
      });
      expect([page.status, page.header('access-control-allow-origin')]).toEqual([200, '*']);
      for (const path of ['/v1/payments', '/v1/openapi.json', '/auth/session', '/health/live']) {
        const answer = await send(api.url + path, origin);
        expect([path, answer.header('access-control-allow-origin')]).toEqual([path, null]);
        const asked = await send(api.url + path, origin, { method: 'OPTIONS' });
        expect([path, asked.header('access-control-allow-origin')]).toEqual([path, null]);
      }
    });
  });

  it('lets nobody keep what was paid for, whatever the upstream says (A28)', async () => {
    expect((await send(url)).header('cache-control')).toBe('no-store');
    world.upstream.answerWith((_request, response) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'cache-control': 'public, max-age=600',
        'cdn-cache-control': 'public, max-age=600',
        'surrogate-control': 'max-age=600',
        expires: 'Fri, 01 Jan 2100 00:00:00 GMT',
        vary: 'Accept-Language',
        'access-control-allow-origin': 'https://shop.example',
        etag: '"1"',
      });
      response.end('{}');
    });
    const header = await signedHeader(world, url);
    for (const answer of [await send(url, header), await send(url, header)]) {
      expect([answer.status, answer.header('cache-control')]).toEqual([200, 'private, no-store']);
      expect(answer.header('vary')).toBe(
        'Accept-Language, PAYMENT-SIGNATURE, X-PAYMENT, X402-Payment-Tx, X402-Payment-Proof, X402-Invoice-Id',
      );
      expect(answer.header('etag')).toBe('"1"');
      for (const dropped of ['cdn-cache-control', 'surrogate-control', 'expires', 'access-control-allow-origin']) {
        expect([dropped, answer.header(dropped)]).toEqual([dropped, null]);
      }
    }
  });

  it('takes a payment that its buyer named once, whichever process it comes to (A01)', async () => {
    const offer = JSON.parse(Buffer.from((await send(url)).header('payment-required') ?? '', 'base64').toString());
    expect(offer.extensions['payment-identifier'].info).toEqual({ required: false });
    expect(offer.extensions.bazaar.info.input).toEqual({ type: 'http', method: 'GET' });
    const second = await world.startApi();
    const named = async (at: string, id: string) =>
      tampered(await signedHeader(world, at), (payload) => {
        payload.extensions = { 'payment-identifier': { info: { required: false, id } } };
      });
    const calls = world.upstream.keys.length;
    const urls = [url, `${second.url}/g/demo/weather`, url, `${second.url}/g/demo/weather`];
    const headers = await Promise.all(urls.map((each) => named(each, 'pay_0123456789abcdef')));
    const answers = await Promise.all(urls.map((each, at) => send(each, headers[at])));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ receipt }) => receipt?.transaction)).size).toBe(1);
    expect(answers.filter((answer) => answer.header('tollbook-replayed') === null)).toHaveLength(1);
    expect(world.upstream.keys.length).toBe(calls + 1);
    const other = await send(`${url}?city=Rome`, await named(`${url}?city=Rome`, 'pay_0123456789abcdef'));
    expect([other.status, other.code, other.header('payment-required')]).toEqual([
      409,
      'payment_identifier_reused',
      null,
    ]);
    const odd = await send(url, await named(url, 'short'));
    expect([odd.status, odd.code]).toEqual([400, 'payment_malformed']);

    const draft = { method: 'GET', path: '/named', upstream: world.upstream.url, price: { amount: '0.01' } };
    const strict = { ...draft, networks: [network], paymentIdentifier: 'required' };
    const made = (await client.post('/v1/endpoints', strict)).body;
    expect(made.paymentIdentifier).toBe('required');
    await eventually('it is sold', async () => (await send(made.url)).status === 402);
    const unnamed = await send(made.url, await signedHeader(world, made.url));
    expect([unnamed.status, unnamed.code]).toEqual([400, 'payment_identifier_required']);
    expect(unnamed.header('payment-required')).not.toBeNull();
    expect(JSON.parse(unnamed.body).accepts).toEqual([]);
    expect((await send(made.url, await named(made.url, 'pay_fedcba9876543210'))).status).toBe(200);
    const changed = await client.patch(`/v1/endpoints/${made.id}`, { paymentIdentifier: 'optional' });
    expect(changed.body.paymentIdentifier).toBe('optional');
    await eventually('it is sold to all', async () => JSON.parse((await send(made.url)).body).accepts.length === 1);
    expect((await send(made.url, await signedHeader(world, made.url))).status).toBe(200);
  });

  it('tells crawlers what is sold, for how much and how it is called', async () => {
    const origin = { origin: 'https://crawler.example' };
    const known = await send(`${api.url}/.well-known/x402`, origin);
    expect([known.status, known.header('access-control-allow-origin')]).toEqual([200, '*']);
    const { version, resources, items } = JSON.parse(known.body);
    expect([version, resources.includes(url)]).toEqual([1, true]);
    const weather = items.find(({ resource }: { resource: string }) => resource === url);
    expect(weather.accepts).toMatchObject([{ scheme: 'exact', network, amount: '10000' }]);
    expect(known.body).not.toContain(world.upstream.url);
    const shop = await send(weather.openapi, origin);
    expect([shop.status, shop.header('access-control-allow-origin')]).toEqual([200, '*']);
    expect(JSON.parse(shop.body).paths['/weather'].get['x-payment-info']).toMatchObject({
      price: '0.01',
      currency: 'USDC',
    });
    expect((await send(weather.openapi, {}, { method: 'POST' })).code).toBe('endpoint_unknown');
    expect((await send(`${api.url}/g/nobody/openapi.json`)).code).toBe('endpoint_unknown');
    // Whoever sells this very path sells it.
    const draft = { method: 'GET', path: '/openapi.json', upstream: world.upstream.url, price: { amount: '1' } };
    const made = (await client.post('/v1/endpoints', { ...draft, networks: [network] })).body;
    await eventually('it is sold', async () => (await send(weather.openapi)).status === 402);
    await client.remove(`/v1/endpoints/${made.id}`);
    await eventually('it is described again', async () => (await send(weather.openapi)).status === 200);
  });

  it('opens the seal of an offer: its terms, its time, and what became of it', async () => {
    const asked = async (invoiceId: string) => {
      const answer = await client.get(`/v1/offers/${invoiceId}`);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return offerSchema.parse(answer.body);
    };
    const signed = await world.sign(url);
    const open = await asked(signed.invoiceId);
    expect(open).toMatchObject({
      invoiceId: signed.invoiceId,
      mode: 'test',
      state: 'open',
      endpoint: { method: 'GET', path: '/weather' },
      priceVersion: { version: 1, amount: '0.01', asset: 'USDC' },
      paymentId: null,
      paymentStatus: null,
    });
    const { evmAddress } = world.sandbox.info.merchant;
    expect(open.accepts).toMatchObject([{ network, amount: '0.01', amountAtomic: '10000', payTo: evmAddress }]);
    expect(Date.parse(open.expiresAt) - Date.parse(open.issuedAt)).toBe(300_000);
    expect(Date.parse(open.honoredUntil) - Date.parse(open.expiresAt)).toBe(120_000);
    const paid = await send(url, { [signed.headerName]: signed.rawHeader });
    expect(paid.status).toBe(200);
    const offer = await eventually('the chain has told', async () => {
      const now = await asked(signed.invoiceId);
      return now.state === 'paid' && now;
    });
    expect((await client.get(`/v1/payments/${offer.paymentId}`)).body).toMatchObject({ invoiceId: signed.invoiceId });

    const stored = (await client.post('/v1/payment-intents', { amount: '3' })).body;
    expect(await asked(stored.invoiceId)).toMatchObject({ state: 'open', priceVersion: null, paymentId: stored.id });
    await client.post(`/v1/payment-intents/${stored.id}/cancel`);
    expect(await asked(stored.invoiceId)).toMatchObject({ state: 'withdrawn', paymentStatus: 'canceled' });

    const draft = { method: 'GET', path: '/gone', upstream: world.upstream.url, price: { amount: '1' } };
    const gone = (await client.post('/v1/endpoints', { ...draft, networks: [network] })).body;
    await eventually('it is sold', async () => (await send(gone.url)).status === 402);
    const { headers } = await requestOffer({ url: gone.url, method: 'GET' });
    await client.remove(`/v1/endpoints/${gone.id}`);
    expect(await asked(String(headers['x402-invoice-id']))).toMatchObject({ state: 'withdrawn', paymentId: null });

    const unreadable = [`inv_${'a'.repeat(80)}`, 'inv_x', 'pi_x', '%00', `${signed.invoiceId}a`];
    for (const id of unreadable) {
      expect([id, (await client.get(`/v1/offers/${id}`)).status]).toEqual([id, 404]);
    }
    const other = await stranger.get(`/v1/offers/${signed.invoiceId}`);
    expect([other.status, other.body.code]).toEqual([404, 'not_found']);
    const narrow = (await client.post('/v1/keys', { name: 'narrow', scopes: ['endpoints:read'] })).body.secret;
    const refused = await apiClient(api.url, narrow).get(`/v1/offers/${signed.invoiceId}`);
    expect([refused.status, refused.body.code]).toEqual([403, 'permission_missing']);
  });
});

/** Statements of a process since the last time this was asked. */
function statements({ child }: Process): Promise<string[]> {
  return new Promise((resolve) => {
    child.on('message', function take(message: { type?: string; statements?: string[] }) {
      if (message.type !== 'statements') return;
      child.off('message', take);
      resolve(message.statements ?? []);
    });
    child.send({ type: 'statements' });
  });
}

/** The answer to a request written by hand. The connection closes with it, so its end is the answer's. */
function rawAnswer(baseUrl: string, line: string, headers: readonly string[]) {
  const { hostname, port } = new URL(baseUrl);
  const closing = headers.some((header) => header.startsWith('Connection:')) ? [] : ['Connection: close'];
  return new Promise<ReturnType<typeof answerOf>>((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('error', reject);
    socket.on('close', () => resolve(answerOf(text)));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (closing.length === 0 && isWhole(text)) socket.destroy();
    });
    socket.write([line, `Host: ${hostname}`, ...closing, ...headers, '', ''].join('\r\n'));
  });
}

function isWhole(text: string): boolean {
  const [head = '', body] = text.split('\r\n\r\n', 2);
  return body !== undefined && body.length >= Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
}

function answerOf(text: string) {
  const [head = '', body = ''] = text.split('\r\n\r\n', 2);
  const code: string | undefined = body.startsWith('{') ? JSON.parse(body).code : undefined;
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1];
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, body, code, header };
}
