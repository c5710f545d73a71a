import {
  apiKeyListSchema,
  auditListSchema,
  createdApiKeySchema,
  endpointListSchema,
  walletListSchema,
  walletSchema,
} from '@tollbook/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from './api-client.js';
import { send } from './buyer.js';
import { install } from './install.js';
import { addMerchant } from './second-merchant.js';
import { eventually, type Process, startWorld, type World } from './world.js';

const network = 'eip155:84532';
/** Nobody’s, with the checksums that wallets show. */
const fresh = '0x90F79bf6EB2c4f870365E785982E1f101E93b906';
const second = '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65';

describe('wallets, keys and the audit log over the merchant API', () => {
  let world: World;
  let api: Process;
  let client: ReturnType<typeof apiClient>;
  let stranger: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    world = await startWorld();
    const { key } = await install(world);
    api = await world.startApi();
    await world.startWorker();
    client = apiClient(api.url, key);
    stranger = apiClient(api.url, (await addMerchant(world, 'other')).key);
    await eventually('the new book is known', async () => (await stranger.get('/v1/wallets')).status === 200);
  });
  afterAll(() => world.stop());

  const weather = () => `${api.url}/g/demo/weather`;
  const payTo = async () => (await send(weather())).header('x402-payment-address');

  it('adds a wallet that is watched, and pays new offers to it once it is assigned', async () => {
    const before = await payTo();
    const old = await world.sign(weather());
    const made = await client.post('/v1/wallets', { network, address: fresh, label: 'Till 2' });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const wallet = walletSchema.parse(made.body);
    expect(wallet).toMatchObject({ address: fresh, label: 'Till 2', isReceiving: false });
    expect(await payTo()).toBe(before);
    const assigned = await client.post(`/v1/wallets/${wallet.id}/assign`, { reason: 'Cold storage' });
    expect(assigned.body).toMatchObject({ id: wallet.id, isReceiving: true });
    await eventually('new offers name it', async () => (await payTo()) === fresh, 1_000);
    const list = walletListSchema.parse((await client.get('/v1/wallets')).body);
    expect(list.data.map(({ isReceiving }) => isReceiving)).toEqual([true, false]);
    // Both the offer made before and one made now are paid, seen and booked.
    const now = await world.sign(weather());
    for (const signed of [old, now]) {
      expect((await send(weather(), { [signed.headerName]: signed.rawHeader })).status).toBe(200);
    }
    await eventually('both are confirmed', async () => {
      const { data } = (await client.get('/v1/payments')).body;
      const confirmed = data.filter(({ status }: { status: string }) => ['confirmed', 'final'].includes(status));
      return confirmed.length === 2;
    });
    const [endpoint] = endpointListSchema.parse((await client.get('/v1/endpoints')).body).data;
    expect(endpoint?.lastWeek).toEqual({ payments: 2, revenue: '0.02', revenueAtomic: '20000', asset: 'USDC' });
    const to = await world.rows<{ address: string }>(
      `select distinct '0x' || encode(to_address, 'hex') as address from transfers`,
    );
    expect(to.map(({ address }) => address).sort()).toEqual([String(before).toLowerCase(), fresh.toLowerCase()].sort());
    const proof = await eventually('the books equal the chain', async () => {
      const { data } = (await client.get('/v1/books/proof')).body;
      return data.length === 2 && data.every((row: { onChain: string }) => row.onChain !== '0') && data;
    });
    expect(proof.map(({ difference }: { difference: string }) => difference)).toEqual(['0', '0']);
    const again = await client.post(`/v1/wallets/${wallet.id}/assign`, { reason: 'Again' });
    expect([again.status, again.body.code]).toEqual([409, 'wallet_receives_already']);
  });

  it('refuses addresses that are not one, not empty, or somebody’s already', async () => {
    const { evm } = JSON.parse((await send(`${api.url}/sandbox/info`)).body);
    const add = async (address: string, more: object = {}) => {
      const { status, body } = await client.post('/v1/wallets', { network, address, ...more });
      return [status, body.code, body.parameter];
    };
    const merchant = String((await client.get('/v1/wallets')).body.data[1].address);
    const buyer = (await world.rows<{ payer: string }>(`select '0x' || encode(payer, 'hex') payer from attempts`))[0];
    expect(await add(second.replace('AAf', 'AaF'))).toEqual([422, 'address_invalid', 'address']);
    expect(await add('0x1234')).toEqual([422, 'address_invalid', 'address']);
    expect(await add(`0x${'0'.repeat(40)}`)).toEqual([422, 'address_invalid', 'address']);
    expect(await add(evm.usdc)).toEqual([422, 'address_invalid', 'address']);
    expect(await add(String(buyer?.payer))).toEqual([422, 'wallet_not_empty', 'address']);
    expect(await add(second, { network: 'eip155:8453' })).toEqual([422, 'network_mode_mismatch', 'network']);
    expect(await add(second, { network: 'eip155:99' })).toEqual([400, 'network_unknown', 'network']);
    expect(await add(second, { colour: 'red' })).toEqual([400, 'parameter_unknown', 'colour']);
    expect(await add(merchant)).toEqual([422, 'wallet_not_empty', 'address']);
    expect((await stranger.post('/v1/wallets', { network, address: second })).body).toMatchObject({
      isReceiving: true,
    });
    expect(await add(second)).toEqual([409, 'wallet_exists', 'address']);
    const mine = (await client.get('/v1/wallets')).body.data[0].id;
    expect((await stranger.post(`/v1/wallets/${mine}/assign`, { reason: 'r' })).status).toBe(404);
    expect((await client.get('/v1/wallets?network=nonsense')).status).toBe(400);
  });

  it('makes keys that may do what they say, shows each secret once, and revokes at once', async () => {
    const made = await client.post('/v1/keys', { name: 'Reader', scopes: ['payments:read'] });
    expect(made.status).toBe(201);
    const { secret, ...key } = createdApiKeySchema.parse(made.body);
    expect(secret.startsWith(key.prefix)).toBe(true);
    const reader = apiClient(api.url, secret);
    expect((await reader.get('/v1/payments')).status).toBe(200);
    const refused = await reader.get('/v1/keys');
    expect([refused.status, refused.body.code]).toEqual([403, 'permission_missing']);
    const used = await eventually('its use is noted', async () => {
      const { data } = apiKeyListSchema.parse((await client.get('/v1/keys?state=active')).body);
      return data.find(({ id, lastUsedAt }) => id === key.id && lastUsedAt !== null);
    });
    expect(used).toMatchObject({ name: 'Reader', state: 'active', scopes: ['payments:read'] });
    expect(JSON.stringify((await client.get('/v1/keys')).body)).not.toContain(secret);
    expect((await stranger.remove(`/v1/keys/${key.id}`)).status).toBe(404);
    expect((await client.remove(`/v1/keys/${key.id}`)).body).toMatchObject({ state: 'revoked' });
    expect((await reader.get('/v1/payments')).body).toMatchObject({ code: 'api_key_invalid' });
    const past = await client.post('/v1/keys', { name: 'Late', scopes: ['*'], expiresAt: '2020-01-01T00:00:00Z' });
    expect([past.status, past.body.code, past.body.parameter]).toEqual([422, 'key_expiry_invalid', 'expiresAt']);
    expect((await client.post('/v1/keys', { name: 'Odd', scopes: ['fly'] })).body).toMatchObject({
      parameter: 'scopes.0',
    });
  });

  it('lets nobody give away what they do not hold', async () => {
    const made = await client.post('/v1/keys', { name: 'Keeper', scopes: ['keys:write'] });
    const keeper = apiClient(api.url, made.body.secret);
    for (const scopes of [['*'], ['wallets:write']]) {
      const answer = await keeper.post('/v1/keys', { name: 'More', scopes });
      expect([answer.status, answer.body.code]).toEqual([403, 'permission_missing']);
    }
    expect((await keeper.post('/v1/keys', { name: 'Same', scopes: ['keys:write'] })).status).toBe(201);
  });

  it('repeats the making of a key with its secret, but not after a lost answer', async () => {
    const key = { 'idempotency-key': 'key-1' };
    const first = await client.post('/v1/keys', { name: 'Twice', scopes: ['audit:read'] }, key);
    const again = await client.post('/v1/keys', { name: 'Twice', scopes: ['audit:read'] }, key);
    expect(again.body).toEqual(first.body);
    const [row] = await world.rows<{ sealed: string }>(
      `select encode(response_sealed, 'escape') sealed from idempotency_keys where key = 'key-1'`,
    );
    expect(row?.sealed).not.toContain(first.body.secret);
  });

  it('tells every change in a log that is chained, by page and by filter', async () => {
    const all = auditListSchema.parse((await client.get('/v1/audit-log?limit=100')).body);
    expect(all.isChainVerified).toBe(true);
    expect(all.data.map(({ seq }) => seq)).toEqual(all.data.map((_, at) => all.data.length - at));
    expect(all.data.find(({ action }) => action === 'wallet.assigned')).toMatchObject({
      actor: { kind: 'api_key', name: 'test' },
      target: { kind: 'wallet' },
      after: { network, address: fresh },
      reason: 'Cold storage',
      address: '127.0.0.1',
    });
    expect(JSON.stringify(all)).not.toMatch(/tbk_test_[a-z2-7]{20}/);
    const wallets = auditListSchema.parse((await client.get('/v1/audit-log?action=wallet')).body);
    expect(new Set(wallets.data.map(({ action }) => action))).toEqual(new Set(['wallet.added', 'wallet.assigned']));
    const [newest] = all.data;
    const from = encodeURIComponent(String(newest?.at));
    const since = auditListSchema.parse((await client.get(`/v1/audit-log?from=${from}`)).body);
    expect(since.data.map(({ seq }) => seq)).toContain(newest?.seq);
    expect((await client.get(`/v1/audit-log?to=${from}&target=${newest?.target.id}`)).body.data).toEqual([]);
    const page = auditListSchema.parse((await client.get('/v1/audit-log?limit=2')).body);
    const rest = auditListSchema.parse((await client.get(`/v1/audit-log?limit=100&after=${page.nextCursor}`)).body);
    expect([...page.data, ...rest.data]).toEqual(all.data);
    const codeOf = async (query: string) => (await client.get(`/v1/audit-log?${query}`)).body.code;
    expect(await codeOf('from=2026-11-20')).toBe('parameter_invalid');
    expect(await codeOf('from=2026-11-20T00:00:00')).toBe('parameter_invalid');
    expect(await codeOf('after=zero')).toBe('cursor_invalid');
    expect(await codeOf('who=me')).toBe('parameter_unknown');
    expect((await stranger.get('/v1/audit-log')).body.data.map(({ action }: { action: string }) => action)).toEqual([
      'wallet.added',
      'key.created',
    ]);
  });
});
