import { storedIntentListSchema, storedIntentSchema } from '@tollbook/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from './api-client.js';
import { send } from './buyer.js';
import { install } from './install.js';
import { addMerchant } from './second-merchant.js';
import { eventually, type Process, startWorld, type World } from './world.js';

const network = 'eip155:84532';

describe('payment intents over the merchant API', () => {
  let world: World;
  let api: Process;
  let client: ReturnType<typeof apiClient>;
  let stranger: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    world = await startWorld();
    const { key } = await install(world);
    api = await world.startApi();
    client = apiClient(api.url, key);
    stranger = apiClient(api.url, (await addMerchant(world, 'other')).key);
    await eventually('the new book is known', async () => (await stranger.get('/v1/wallets')).status === 200);
  });
  afterAll(() => world.stop());

  const body = { amount: '12.5', orderId: 'A-1', description: 'Two books', metadata: { cart: 'c1', items: 2 } };
  const create = async (more: object = {}, headers: Record<string, string> = {}) => {
    const made = await client.post('/v1/payment-intents', { ...body, ...more }, headers);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return storedIntentSchema.parse(made.body);
  };

  it('stores one with frozen terms, and tells it', async () => {
    const endpointId = (await client.get('/v1/endpoints')).body.data[0].id;
    const intent = await create({ endpointId, networks: [network], expiresInSeconds: 600 });
    expect(intent).toMatchObject({
      status: 'open',
      mode: 'test',
      amount: '12.5',
      amountAtomic: '12500000',
      asset: 'USDC',
      network,
      endpointId,
      orderId: 'A-1',
      description: 'Two books',
      metadata: { cart: 'c1', items: 2 },
      payer: null,
      invoiceNumber: null,
    });
    expect(Date.parse(intent.expiresAt) - Date.parse(intent.createdAt)).toBeLessThanOrEqual(600_000);
    expect(Date.parse(intent.expiresAt) - Date.parse(intent.createdAt)).toBeGreaterThan(590_000);
    expect((await client.get(`/v1/payment-intents/${intent.id}`)).body).toEqual(intent);
    const events = await world.rows<{ type: string; sequence: number; body: string }>(
      `select type, sequence, body from events join event_bodies using (book_id, event_id)`,
    );
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: 'payment_intent.created', sequence: 1 });
    const { orderId: _o, description: _d, expiresAt: _e, paymentUrl: _p, ...wire } = intent;
    expect(JSON.parse(events[0]?.body ?? '').data).toEqual({ ...wire, createdAt: expect.any(String) });
    await expect(world.rows(`update payment_intents set description = 'Three'`)).rejects.toThrow(/frozen_terms/);
    // Nobody tried to pay it, so it is no payment yet.
    expect((await client.get('/v1/payments')).body.data).toEqual([]);
  });

  it('shows its terms to whoever holds its invoice id', async () => {
    const intent = await create();
    const page = await send(`${api.url}/pay/${intent.invoiceId}`, { accept: 'application/json' });
    expect(page.status).toBe(200);
    const view = JSON.parse(page.body);
    expect(view).toMatchObject({ status: 'open', expiresAt: intent.expiresAt, txHash: null });
    expect(view.accepts).toMatchObject([{ network, amount: '12.5', amountAtomic: '12500000', currency: 'USDC' }]);
    expect(intent.paymentUrl).toBe(`${api.url}/pay/${intent.invoiceId}`);
    await client.post(`/v1/payment-intents/${intent.id}/cancel`);
    const after = await send(`${api.url}/pay/${intent.invoiceId}`, { accept: 'application/json' });
    expect(JSON.parse(after.body)).toMatchObject({ status: 'canceled' });
  });

  it('lists them by page, status and order id', async () => {
    const named = await create({ orderId: 'B-7' });
    const all = storedIntentListSchema.parse((await client.get('/v1/payment-intents')).body);
    // Within one second the order is that of their random bits.
    expect(all.data).toContainEqual(named);
    const found = storedIntentListSchema.parse((await client.get('/v1/payment-intents?orderId=B-7')).body);
    expect(found.data).toEqual([named]);
    const first = (await client.get('/v1/payment-intents?limit=1')).body;
    const rest = (await client.get(`/v1/payment-intents?after=${first.nextCursor}`)).body;
    expect([...first.data, ...rest.data]).toEqual(all.data);
    expect((await client.get('/v1/payment-intents?status=final')).body.data).toEqual([]);
    expect((await client.get('/v1/payment-intents?status=paid')).body.code).toBe('parameter_invalid');
    expect((await client.get('/v1/payment-intents?after=ep_x')).body.code).toBe('cursor_invalid');
    expect((await stranger.get(`/v1/payment-intents/${named.id}`)).status).toBe(404);
    expect((await stranger.post(`/v1/payment-intents/${named.id}/cancel`)).status).toBe(404);
    expect((await stranger.get('/v1/payment-intents')).body.data).toEqual([]);
  });

  it('cancels what is open, and not what may be under way', async () => {
    const intent = await create();
    const canceled = await client.post(`/v1/payment-intents/${intent.id}/cancel`, { reason: 'Out of stock' });
    expect([canceled.status, canceled.body.status]).toEqual([200, 'canceled']);
    expect((await client.post(`/v1/payment-intents/${intent.id}/cancel`)).status).toBe(200);
    const told = await world.rows<{ type: string; sequence: number; evidence: object }>(
      `select type, sequence, evidence from events where type = 'payment_intent.canceled' order by created_at desc`,
    );
    expect(told[0]).toMatchObject({ sequence: 2, evidence: { reason: 'Out of stock' } });
    expect(new Set(told.map(({ sequence }) => sequence))).toEqual(new Set([2]));
    const url = `${api.url}/g/demo/weather`;
    const signed = await world.sign(url);
    expect((await send(url, { [signed.headerName]: signed.rawHeader })).status).toBe(200);
    // No worker runs, so the chain has not been looked at and money may be under way.
    const [paid] = (await client.get('/v1/payments')).body.data;
    expect(paid.status).toBe('processing');
    const refused = await client.post(`/v1/payment-intents/${paid.id}/cancel`);
    expect([refused.status, refused.body.code]).toEqual([409, 'intent_not_cancelable']);
    expect((await client.get(`/v1/payment-intents/${paid.id}`)).body).toMatchObject({ status: 'processing' });
  });

  it('makes one intent of one key, also after a lost answer', async () => {
    const key = { 'idempotency-key': 'intent-1' };
    const first = await create({}, key);
    expect(await create({}, key)).toEqual(first);
    await world.db.query(
      `begin; set local role tollbook_app;
       select set_config('tollbook.book_id', (select book_id::text from books where gate_slug = 'demo'), true);
       update idempotency_keys set status = 'running', http_status = null, response_sealed = null,
         lease_until = now() - interval '1 second' where key = 'intent-1';
       commit`,
    );
    expect(await create({}, key)).toEqual(first);
    const copies = await Promise.all(
      [1, 2, 3, 4].map(() => client.post('/v1/payment-intents', body, { 'idempotency-key': 'intent-2' })),
    );
    expect(new Set(copies.flatMap(({ status, body: { id } }) => (status === 201 ? [id] : []))).size).toBe(1);
  });

  it('is paid over x402 at its own URL, once, and answers with the receipt (A37)', async () => {
    await world.startWorker();
    const intent = await create({ amount: '0.5', orderId: 'C-1' });
    const url = `${intent.paymentUrl}/x402`;
    const offer = await send(url);
    expect([offer.status, offer.code, offer.header('x402-amount')]).toEqual([402, 'payment_required', '0.5']);
    expect(offer.header('x402-invoice-id')).toBe(intent.invoiceId);
    const other = await create({ amount: '0.5' });
    const signed = await world.sign(url);
    const header = { [signed.headerName]: signed.rawHeader };
    // What was signed for this invoice pays no other, and opens no endpoint.
    expect((await send(`${other.paymentUrl}/x402`, header)).code).toBe('invoice_unknown');
    expect((await send(`${api.url}/g/demo/weather`, header)).code).toBe('invoice_unknown');
    const answers = await Promise.all([send(url, header), send(url, header), send(url, header)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const [paid] = answers;
    expect(JSON.parse(paid?.body ?? '')).toMatchObject({ paymentId: intent.id, status: 'paid', orderId: 'C-1' });
    expect(paid?.receipt).toMatchObject({ success: true, network });
    const confirmed = await eventually('it is confirmed', async () => {
      const { body: shown } = await client.get(`/v1/payment-intents/${intent.id}`);
      return ['confirmed', 'final'].includes(shown.status) && shown;
    });
    expect(confirmed).toMatchObject({ orderId: 'C-1', txHash: paid?.receipt?.transaction });
    expect(confirmed.invoiceNumber).toMatch(/^INV-/);
    const receipt = await send(url);
    expect([receipt.status, JSON.parse(receipt.body).status]).toEqual([200, 'paid']);
    const again = await world.rows(
      'select 1 from attempts where intent_id = (select intent_id from payment_intents ' + `where order_id = 'C-1')`,
    );
    expect(again).toHaveLength(1);
    await client.post(`/v1/payment-intents/${other.id}/cancel`);
    expect((await send(`${other.paymentUrl}/x402`)).code).toBe('invoice_canceled');
    expect((await send(`${api.url}/pay/inv_${'a'.repeat(80)}/x402`)).status).toBe(404);
    const v1 = await create({ amount: '0.25' });
    const old = await world.sign(`${v1.paymentUrl}/x402`, 1);
    expect((await send(`${v1.paymentUrl}/x402`, { [old.headerName]: old.rawHeader })).status).toBe(200);
  });

  it('refuses amounts, networks and shapes that it cannot keep, naming the field', async () => {
    const refusalOf = async (more: object) => {
      const { status, body: problem } = await client.post('/v1/payment-intents', { ...body, ...more });
      return [status, problem.code, problem.parameter];
    };
    expect(await refusalOf({ amount: '0' })).toEqual([422, 'price_zero', 'amount']);
    expect(await refusalOf({ amount: '0.0000001' })).toEqual([422, 'price_too_precise', 'amount']);
    expect(await refusalOf({ amount: 5 })).toEqual([400, 'parameter_invalid', 'amount']);
    expect(await refusalOf({ asset: 'DOGE' })).toEqual([422, 'asset_unknown', 'asset']);
    expect(await refusalOf({ networks: ['eip155:8453'] })).toEqual([422, 'network_mode_mismatch', 'networks.0']);
    expect(await refusalOf({ networks: [network, network] })).toEqual([400, 'parameter_invalid', 'networks']);
    expect(await refusalOf({ endpointId: `ep_${'a'.repeat(26)}` })).toEqual([404, 'endpoint_unknown', 'endpointId']);
    expect(await refusalOf({ expiresInSeconds: 59 })).toEqual([400, 'parameter_invalid', 'expiresInSeconds']);
    expect(await refusalOf({ metadata: { deep: { er: 1 } } })).toEqual([400, 'parameter_invalid', 'metadata.deep']);
    expect(await refusalOf({ status: 'final' })).toEqual([400, 'parameter_unknown', 'status']);
    const walletless = await stranger.post('/v1/payment-intents', body);
    expect([walletless.status, walletless.body.code]).toEqual([409, 'wallet_missing']);
  });
});
