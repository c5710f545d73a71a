import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  endpointListSchema,
  endpointSchema,
  offerPreviewSchema,
  priceVersionListSchema,
  priceVersionSchema,
} from '@tollbook/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from './api-client.js';
import { send } from './buyer.js';
import { install } from './install.js';
import { addMerchant } from './second-merchant.js';
import { eventually, type Process, startWorld, type World } from './world.js';

const network = 'eip155:84532';

describe('endpoints and prices over the merchant API', () => {
  let world: World;
  let api: Process;
  let client: ReturnType<typeof apiClient>;
  let stranger: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    world = await startWorld();
    const { key } = await install(world);
    api = await world.startApi();
    client = apiClient(api.url, key);
    const other = await addMerchant(world, 'other');
    stranger = apiClient(api.url, other.key);
    await eventually('the new book is known', async () => (await stranger.get('/v1/endpoints')).status === 200);
  });
  afterAll(() => world.stop());

  const draft = (path: string, more: object = {}) => ({
    method: 'GET',
    path,
    upstream: world.upstream.url,
    price: { amount: '0.02', asset: 'USDC' },
    networks: [network],
    ...more,
  });
  const create = async (path: string, more: object = {}) => {
    const made = await client.post('/v1/endpoints', draft(path, more));
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return endpointSchema.parse(made.body);
  };
  /** What the gate asks for a path, or undefined while it sells nothing there. */
  const asked = async (path: string) => {
    const offer = await send(`${api.url}/g/demo${path}`);
    return offer.status === 402 ? offer.header('x402-amount') : undefined;
  };
  const configVersion = async () =>
    (await world.rows<{ v: string }>(`select config_version::text v from books where gate_slug = 'demo'`))[0]?.v;

  it('sells a new endpoint at once, and takes money for it', async () => {
    const endpoint = await create('/forecast', { description: 'Tomorrow’s sky' });
    expect(endpoint).toMatchObject({ method: 'GET', path: '/forecast', state: 'active', networks: [network] });
    expect(endpoint.price).toMatchObject({ version: 1, amount: '0.02', amountAtomic: '20000', state: 'current' });
    expect(endpoint.url).toBe(`${api.url}/g/demo/forecast`);
    await eventually('the gate sells it', async () => (await asked('/forecast')) === '0.02', 1_000);
    const signed = await world.sign(endpoint.url);
    const paid = await send(endpoint.url, { [signed.headerName]: signed.rawHeader });
    expect([paid.status, paid.header('tollbook-charged')]).toEqual([200, 'yes']);
    const list = endpointListSchema.parse((await client.get('/v1/endpoints')).body);
    expect(list.data.map(({ path }) => path)).toEqual(['/forecast', '/weather']);
    const read = await client.get(`/v1/endpoints/${endpoint.id}`);
    expect(read.body).toMatchObject({ id: endpoint.id, description: 'Tomorrow’s sky' });
  });

  it('limits a new endpoint as it was told', async () => {
    const { id } = await create('/limited', { rateLimit: { paidPerMinute: 600, unpaidPerMinute: 2 } });
    const limits = await client.get(`/v1/rate-limits/${id}`);
    expect(limits.body).toMatchObject({
      paid: { policy: { points: 600, windowSeconds: 60 } },
      unpaid: { policy: { points: 2, windowSeconds: 60 } },
    });
    await eventually('the gate sells it', async () => (await asked('/limited')) === '0.02', 1_000);
    await eventually('the gate holds back', async () => (await send(`${api.url}/g/demo/limited`)).status === 429);
  });

  it('quotes a new price within a second, while the old offer still pays its old one', async () => {
    const endpoint = await create('/prices');
    await eventually('the gate sells it', async () => (await asked('/prices')) === '0.02', 1_000);
    const before = await world.sign(endpoint.url);
    const made = await client.post(`/v1/endpoints/${endpoint.id}/prices`, { amount: '0.05', reason: 'Dearer data' });
    expect(made.status).toBe(201);
    expect(priceVersionSchema.parse(made.body)).toMatchObject({ version: 2, amount: '0.05', reason: 'Dearer data' });
    await eventually('the gate quotes it', async () => (await asked('/prices')) === '0.05', 1_000);
    const paid = await send(endpoint.url, { [before.headerName]: before.rawHeader });
    expect(paid.status).toBe(200);
    const [attempt] = await world.rows<{ amount: string }>(
      'select amount_atomic::text amount from attempts order by attempt_id desc limit 1',
    );
    expect(attempt?.amount).toBe('20000');
    const history = priceVersionListSchema.parse((await client.get(`/v1/endpoints/${endpoint.id}/prices`)).body);
    expect(history.data.map(({ version, state }) => [version, state])).toEqual([
      [2, 'current'],
      [1, 'past'],
    ]);
    const [now, then] = history.data;
    expect(then?.activeTo).toBe(now?.activeFrom);
    expect(then?.honoredUntil).not.toBeNull();
    const page = await client.get(`/v1/endpoints/${endpoint.id}/prices?limit=1`);
    const rest = await client.get(`/v1/endpoints/${endpoint.id}/prices?limit=1&after=${page.body.nextCursor}`);
    expect([...page.body.data, ...rest.body.data]).toEqual(history.data);
    expect(rest.body.nextCursor).toBeNull();
  });

  it('plans a price, and takes it back for another', async () => {
    const endpoint = await create('/planned');
    const prices = `/v1/endpoints/${endpoint.id}/prices`;
    const later = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000).toISOString();
    expect((await client.post(prices, { amount: '1', reason: 'Later', effectiveFrom: later })).status).toBe(201);
    const planned = endpointSchema.parse((await client.get(`/v1/endpoints/${endpoint.id}`)).body);
    expect(planned.price).toMatchObject({ version: 1, activeTo: later, state: 'current' });
    expect(planned.scheduledPrice).toMatchObject({ version: 2, activeFrom: later, state: 'scheduled' });
    await eventually('the gate still asks the old one', async () => (await asked('/planned')) === '0.02', 1_000);
    const soon = new Date(Date.now() + 1_500).toISOString();
    expect((await client.post(prices, { amount: '0.03', reason: 'Sooner', effectiveFrom: soon })).status).toBe(201);
    await eventually('the gate asks the one that came', async () => (await asked('/planned')) === '0.03', 5_000);
    const history = priceVersionListSchema.parse((await client.get(prices)).body);
    expect(history.data.map(({ version, state }) => [version, state])).toEqual([
      [3, 'current'],
      [2, 'canceled'],
      [1, 'past'],
    ]);
  });

  it('changes what stands around a price, and archives for good', async () => {
    const endpoint = await create('/moved');
    const other = createServer((_request, response) => response.end('{"moved":true}'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const upstream = `http://127.0.0.1:${(other.address() as AddressInfo).port}/moved`;
      const path = `/v1/endpoints/${endpoint.id}`;
      const changed = await client.patch(path, { upstream, timeoutMs: 300_000, description: 'Moved' });
      expect(changed.body).toMatchObject({ upstream, timeoutMs: 300_000, description: 'Moved' });
      const offer = await eventually(
        'a slow upstream asks for a longer signature',
        async () => {
          const { body } = await send(endpoint.url);
          const [entry] = (JSON.parse(body) as { accepts?: { maxTimeoutSeconds: number }[] }).accepts ?? [];
          return entry?.maxTimeoutSeconds === 380 && entry;
        },
        2_000,
      );
      expect(offer).toMatchObject({ description: 'Moved' });
      const signed = await world.sign(endpoint.url);
      const paid = await send(endpoint.url, { [signed.headerName]: signed.rawHeader });
      expect([paid.status, paid.body]).toEqual([200, '{"moved":true}']);
      expect((await client.patch(path, { isEnabled: false })).body).toMatchObject({ state: 'disabled' });
      await eventually('the gate sells it no more', async () => (await asked('/moved')) === undefined, 1_000);
      expect((await client.patch(path, { isEnabled: true })).body).toMatchObject({ state: 'active' });
      expect((await client.remove(path)).body).toMatchObject({ state: 'archived', price: null });
      expect((await client.remove(path)).status).toBe(200);
      expect((await client.patch(path, { isEnabled: true })).body).toMatchObject({ code: 'endpoint_archived' });
      expect((await client.post(`${path}/prices`, { amount: '1', reason: 'r' })).status).toBe(409);
      await create('/moved');
    } finally {
      other.close();
    }
  });

  it('shows the real 402 of a draft, and writes nothing', async () => {
    const endpoint = await create('/drafts/:kind');
    await eventually('the gate sells it', async () => (await asked('/drafts/a')) === '0.02', 1_000);
    const real = await send(`${api.url}/g/demo/drafts/:kind`);
    const version = await configVersion();
    const answer = await client.post(`/v1/endpoints/${endpoint.id}/preview`, { amount: '0.02' });
    expect(answer.status).toBe(200);
    const preview = offerPreviewSchema.parse(answer.body);
    expect(preview.headers.map(({ name }) => name)).toEqual(
      preview.headers.map(({ name }) => name).filter((name) => real.header(name) !== null),
    );
    const fixed = (header: string) => {
      const { accepts, ...rest } = JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
      return { ...rest, accepts: accepts.map(({ extra: _, ...entry }: { extra: unknown }) => entry) };
    };
    expect(fixed(preview.rawHeader)).toEqual(fixed(String(real.header('payment-required'))));
    expect(preview.curl).toContain(preview.url);
    // The invoice of a preview opens nothing.
    const { invoiceId } = preview.body as { invoiceId: string };
    expect((await send(`${api.url}/pay/${invoiceId}`, { accept: 'application/json' })).status).toBe(404);
    const draftOf = { method: 'POST', path: '/new', price: { amount: '3' }, networks: [network] };
    const fresh = await client.post('/v1/endpoints/preview', draftOf);
    expect(offerPreviewSchema.parse(fresh.body).body).toMatchObject({ accepts: [{ maxAmountRequired: '3000000' }] });
    expect((await client.post('/v1/endpoints/preview', { ...draftOf, price: { amount: '0' } })).body).toMatchObject({
      code: 'price_zero',
      parameter: 'price.amount',
    });
    expect(await configVersion()).toBe(version);
  });

  it('refuses what cannot be sold, names the field, and changes nothing', async () => {
    await create('/taken/:id');
    const version = await configVersion();
    const wrong: readonly (readonly [object, number, string, string])[] = [
      [{ price: { amount: '0.0000001' } }, 422, 'price_too_precise', 'price.amount'],
      [{ price: { amount: '0' } }, 422, 'price_zero', 'price.amount'],
      [{ price: { amount: '0', free: true } }, 422, 'price_free_not_offered', 'price.free'],
      [{ price: { amount: '-1' } }, 422, 'price_malformed', 'price.amount'],
      [{ price: { amount: 0.01 } }, 400, 'parameter_invalid', 'price.amount'],
      [{ price: { amount: '10000000' } }, 422, 'price_too_large', 'price.amount'],
      [{ price: { amount: '1', asset: 'DOGE' } }, 422, 'asset_unknown', 'price.asset'],
      [{ networks: ['eip155:1234567'] }, 400, 'network_unknown', 'networks.0'],
      [{ networks: ['eip155:8453'] }, 422, 'network_mode_mismatch', 'networks.0'],
      [{ networks: [network, network] }, 422, 'network_repeated', 'networks.1'],
      [{ networks: [] }, 400, 'parameter_invalid', 'networks'],
      [{ path: '/taken/:other' }, 409, 'endpoint_exists', 'path'],
      [{ path: '/Taken/:id' }, 409, 'endpoint_exists', 'path'],
      [{ path: '/a/../b' }, 422, 'path_invalid', 'path'],
      [{ path: 'weather' }, 422, 'path_invalid', 'path'],
      [{ method: 'HEAD' }, 422, 'method_invalid', 'method'],
      [{ timeoutMs: 340_001 }, 422, 'timeout_out_of_range', 'timeoutMs'],
      [{ requestBytesMax: 16_777_217 }, 422, 'cap_out_of_range', 'requestBytesMax'],
      [{ settleMode: 'before', requestBytesMax: 2_000_000_000 }, 422, 'cap_out_of_range', 'requestBytesMax'],
      [{ heldBytesMax: 16_777_217 }, 422, 'cap_out_of_range', 'heldBytesMax'],
      [{ heldBytesMax: -1 }, 400, 'parameter_invalid', 'heldBytesMax'],
      [{ exposureMax: '0.5' }, 400, 'parameter_invalid', 'exposureMax'],
      [{ exposureMax: 5 }, 400, 'parameter_invalid', 'exposureMax'],
      [{ upstream: 'http://10.0.0.1/x' }, 422, 'upstream_not_allowed', 'upstream'],
      [{ upstream: 'http://169.254.169.254/' }, 422, 'upstream_not_allowed', 'upstream'],
      [{ upstream: 'ftp://example.com' }, 422, 'upstream_invalid', 'upstream'],
      [{ description: 'd'.repeat(301) }, 400, 'parameter_invalid', 'description'],
      [{ surprise: 1 }, 400, 'parameter_unknown', 'surprise'],
    ];
    for (const [change, status, code, parameter] of wrong) {
      const answer = await client.post('/v1/endpoints', draft('/wrong', change));
      expect([answer.status, answer.body.code, answer.body.parameter], JSON.stringify(change)).toEqual([
        status,
        code,
        parameter,
      ]);
      expect(answer.header('content-type')).toContain('application/problem+json');
    }
    expect(await configVersion()).toBe(version);
    const [endpoint] = (await client.get('/v1/endpoints')).body.data;
    const prices = `/v1/endpoints/${endpoint.id}/prices`;
    expect((await client.post(prices, { amount: '1' })).body).toMatchObject({ parameter: 'reason' });
    const past = { amount: '1', reason: 'r', effectiveFrom: '2020-01-01T00:00:00Z' };
    expect((await client.post(prices, past)).body).toMatchObject({ code: 'price_effective_from_invalid' });
    const zoneless = { ...past, effectiveFrom: '2027-01-01T00:00:00' };
    expect((await client.post(prices, zoneless)).body).toMatchObject({ parameter: 'effectiveFrom' });
    expect((await client.patch(`/v1/endpoints/${endpoint.id}`, { upstream: 'http://10.1.2.3' })).status).toBe(422);
    expect(await configVersion()).toBe(version);
  });

  it('refuses shapes, sizes, filters and cursors that are not its own', async () => {
    const codeOf = async (answer: Promise<{ status: number; body: { code: string } }>) => {
      const { status, body } = await answer;
      return [status, body.code];
    };
    expect(await codeOf(client.post('/v1/endpoints', []))).toEqual([400, 'parameter_invalid']);
    expect(await codeOf(client.post('/v1/endpoints', '{"method":'))).toEqual([400, 'request_invalid']);
    expect(await codeOf(client.post('/v1/endpoints', draft('/big', { description: 'x'.repeat(101_000) })))).toEqual([
      413,
      'request_too_large',
    ]);
    expect(await codeOf(client.get('/v1/endpoints?after=pi_aaaa'))).toEqual([400, 'cursor_invalid']);
    expect(await codeOf(client.get('/v1/endpoints?after=%00'))).toEqual([400, 'cursor_invalid']);
    expect(await codeOf(client.get('/v1/endpoints?state=asleep'))).toEqual([400, 'parameter_invalid']);
    expect(await codeOf(client.get('/v1/endpoints?color=red'))).toEqual([400, 'parameter_unknown']);
    expect(await codeOf(client.get('/v1/endpoints?limit=0'))).toEqual([400, 'parameter_invalid']);
  });

  it('keeps another merchant’s endpoints to that merchant', async () => {
    const [mine] = (await client.get('/v1/endpoints')).body.data;
    const path = `/v1/endpoints/${mine.id}`;
    const answers = await Promise.all([
      stranger.get(path),
      stranger.patch(path, { isEnabled: false }),
      stranger.remove(path),
      stranger.get(`${path}/prices`),
      stranger.post(`${path}/prices`, { amount: '1', reason: 'r' }),
      stranger.post(`${path}/preview`, { amount: '1' }),
      stranger.get('/v1/endpoints/ep_nonsense'),
    ]);
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [404, 'not_found']));
    expect((await stranger.get('/v1/endpoints')).body.data).toEqual([]);
    const unpaid = await stranger.post('/v1/endpoints', draft('/no-wallet'));
    expect([unpaid.status, unpaid.body.code]).toEqual([409, 'wallet_missing']);
  });

  it('runs a request with an idempotency key once', async () => {
    const key = { 'idempotency-key': 'order-1' };
    const first = await client.post('/v1/endpoints', draft('/once'), key);
    const again = await client.post('/v1/endpoints', draft('/once'), key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect([first.header('idempotency-replayed'), again.header('idempotency-replayed')]).toEqual([null, 'true']);
    const other = await client.post('/v1/endpoints', draft('/twice'), key);
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_key_reused']);
    const refused = await client.post('/v1/endpoints', draft('/x', { price: { amount: '0' } }), {
      'idempotency-key': 'order-2',
    });
    expect(refused.status).toBe(422);
    const mended = await client.post('/v1/endpoints', draft('/mended'), { 'idempotency-key': 'order-2' });
    expect(mended.status).toBe(201);
    const copies = await Promise.all(
      [1, 2, 3, 4, 5].map(() => client.post('/v1/endpoints', draft('/copies'), { 'idempotency-key': 'order-3' })),
    );
    const made = copies.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    for (const { status, body } of copies) {
      if (status !== 201) expect([status, body.code]).toEqual([409, 'idempotency_in_progress']);
    }
  });

  it('repeats a request whose process died between its commit and its answer, without a second effect', async () => {
    const key = { 'idempotency-key': 'crash-1' };
    const path = `/v1/endpoints/${(await client.get('/v1/endpoints')).body.data[0].id}/prices`;
    const body = { amount: '0.07', reason: 'Once' };
    const first = await client.post(path, body, key);
    expect(first.status).toBe(201);
    // What such a death leaves: everything was committed, and the key is still running, its lease over.
    await world.db.query(
      `begin; set local role tollbook_app;
       select set_config('tollbook.book_id', (select book_id::text from books where gate_slug = 'demo'), true);
       update idempotency_keys set status = 'running', http_status = null, response_sealed = null,
         lease_until = now() - interval '1 second' where key = 'crash-1';
       commit`,
    );
    const again = await client.post(path, body, key);
    expect(again.body).toMatchObject({ id: first.body.id, version: first.body.version });
    expect(again.header('idempotency-replayed')).toBeNull();
    const { data } = (await client.get(path)).body;
    expect(data.filter(({ reason }: { reason: string }) => reason === 'Once')).toHaveLength(1);
  });

  it('writes every change into the audit log', async () => {
    const rows = await world.rows<{ action: string; reason: string; before: unknown; after: unknown }>(
      `select action, reason, before, after from audit_log where actor_kind <> 'system' order by audit_seq`,
    );
    const actions = new Set(rows.map(({ action }) => action));
    expect([...actions].sort()).toEqual(['endpoint.archived', 'endpoint.changed', 'endpoint.created', 'price.changed']);
    expect(rows.find(({ reason }) => reason === 'Dearer data')).toMatchObject({
      before: { version: 1, price: [{ network, amount: '0.02', asset: 'USDC' }] },
      after: { version: 2, price: [{ network, amount: '0.05', asset: 'USDC' }] },
    });
  });
});
