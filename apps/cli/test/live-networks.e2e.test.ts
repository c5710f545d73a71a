import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { healthSchema } from '@tollbook/contract';
import { newBuyer, requestOffer, signPayment, startTestChain, type TestChain } from '@tollbook/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from './api-client.js';
import { send } from './buyer.js';
import { install } from './install.js';
import { eventually, freePort, masterKey, type Process, startWorld, type World } from './world.js';

const cli = new URL('../bin/tollbook.js', import.meta.url).pathname;
const run = promisify(execFile);
const tills = {
  base: '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
  polygon: '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65',
};

describe('live networks, each with its own node, beside the sandbox', () => {
  let world: World;
  let base: TestChain;
  let polygon: TestChain;
  let api: Process;
  let live: ReturnType<typeof apiClient>;
  let test: ReturnType<typeof apiClient>;
  let key: string;
  const payer = newBuyer();
  const gas = newBuyer();

  beforeAll(async () => {
    [world, base, polygon] = await Promise.all([
      startWorld(),
      startTestChain({ chainId: 8453 }),
      startTestChain({ chainId: 137 }),
    ]);
    for (const chain of [base, polygon]) {
      await chain.rpc('anvil_setBalance', [gas.address, '0x8ac7230489e80000']);
      await chain.mint(payer.address, 1_000_000n);
      await chain.mine(20);
    }
    const { key: testKey } = await install(world);
    const settings = {
      // The first node of Base is silent; Avalanche's is Polygon's; nobody listens where Ethereum's should.
      TOLLBOOK_RPC_BASE: `http://user:canary-key@127.0.0.1:${await freePort()},${base.rpcUrl}`,
      TOLLBOOK_RPC_POLYGON: polygon.rpcUrl,
      TOLLBOOK_RPC_AVALANCHE: `${polygon.rpcUrl}/?key=canary-key`,
      TOLLBOOK_RPC_ETHEREUM: `http://127.0.0.1:${await freePort()}`,
      TOLLBOOK_GAS_KEY: gas.privateKey,
    };
    api = await world.startApi(settings);
    await world.startWorker(settings);
    test = apiClient(api.url, testKey);
    key = await addLiveBook(world);
    live = apiClient(api.url, key);
    await eventually('the live book is known', async () => (await live.get('/v1/wallets')).status === 200);
  });
  afterAll(async () => {
    await world.stop();
    await Promise.all([base.stop(), polygon.stop()]);
  });

  const addWallet = async (network: string, address: string) => {
    const { status, body } = await live.post('/v1/wallets', { network, address });
    return [status, body.code, body.parameter];
  };
  const addEndpoint = (path: string, networks: readonly string[]) => {
    const price = { amount: '0.01', asset: 'USDC' };
    return live.post('/v1/endpoints', { method: 'GET', path, upstream: world.upstream.url, price, networks });
  };
  const pay = async (url: string, version: 1 | 2) => {
    const offer = await requestOffer({ url, method: 'GET' });
    expect(offer.status, offer.bodyText).toBe(402);
    const { headerName, rawHeader } = await signPayment({ offer, privateKey: payer.privateKey, version });
    return send(url, { [headerName]: rawHeader });
  };

  it('takes wallets of networks that are set up and right, and says what is wrong with the others', async () => {
    expect(await addWallet('eip155:8453', tills.base)).toEqual([201, undefined, undefined]);
    expect(await addWallet('eip155:137', tills.polygon)).toEqual([201, undefined, undefined]);
    expect(await addWallet('eip155:42161', tills.base)).toEqual([422, 'network_not_configured', 'network']);
    expect(await addWallet('eip155:43114', tills.base)).toEqual([422, 'network_refused', 'network']);
    expect(await addWallet('eip155:84532', tills.base)).toEqual([422, 'network_mode_mismatch', 'network']);
    expect(await addWallet('eip155:1', tills.base)).toEqual([503, 'chain_unavailable', undefined]);
    const refused = await addEndpoint('/nowhere', ['eip155:8453', 'eip155:43114']);
    expect([refused.status, refused.body.code, refused.body.parameter]).toEqual([422, 'network_refused', 'networks.1']);
    expect(refused.body.detail).toContain('chain 137, not 43114');
    expect(JSON.stringify(refused.body)).not.toContain('canary');
  });

  it('offers every network of a price, by CAIP-2 in version 2 and by name in version 1', async () => {
    expect((await addEndpoint('/weather', ['eip155:8453', 'eip155:137'])).status).toBe(201);
    expect((await addEndpoint('/polygon', ['eip155:137'])).status).toBe(201);
    const url = `${api.url}/g/shop/weather`;
    const offer = await eventually('it is sold', async () => {
      const answer = await send(url);
      return answer.status === 402 && answer;
    });
    const challenge = JSON.parse(Buffer.from(offer.header('payment-required') ?? '', 'base64').toString());
    const named = (accepts: { network: string; asset: string; extra: { name: string } }[]) =>
      accepts.map(({ network, asset, extra }) => [network, asset, extra.name]);
    expect(named(challenge.accepts)).toEqual([
      ['eip155:8453', base.usdc, 'USD Coin'],
      ['eip155:137', polygon.usdc, 'USD Coin'],
    ]);
    expect(named(JSON.parse(offer.body).accepts)).toEqual([
      ['base', base.usdc, 'USD Coin'],
      ['polygon', polygon.usdc, 'USD Coin'],
    ]);
  });

  it.each([
    ['version 2 on Base', 2, 'weather', 'eip155:8453'],
    ['version 1 on Base', 1, 'weather', 'base'],
    ['version 2 on Polygon', 2, 'polygon', 'eip155:137'],
    ['version 1 on Polygon', 1, 'polygon', 'polygon'],
  ] as const)('is paid by a stock client: %s', async (_what, version, path, network) => {
    const paid = await pay(`${api.url}/g/shop/${path}`, version);
    expect([paid.status, paid.receipt?.success, paid.receipt?.network], paid.body).toEqual([200, true, network]);
    const chain = path === 'weather' ? base : polygon;
    const receipt = await eventually('a block holds it', () =>
      chain.rpc('eth_getTransactionReceipt', [paid.receipt?.transaction]),
    );
    expect(receipt).toMatchObject({ status: '0x1', from: gas.address.toLowerCase() });
  });

  it('books live money in the live book alone, and proves it against both chains', async () => {
    await Promise.all([base.mine(20), polygon.mine(20)]);
    const paid = await eventually('all of it is final', async () => {
      const { data } = (await live.get('/v1/payments')).body;
      return data.length === 4 && data.every(({ status }: { status: string }) => status === 'final') && data;
    });
    const told = paid.map(({ mode, network, amount }: Record<string, string>) => `${mode} ${network} ${amount}`);
    expect(told.sort()).toEqual([
      'live eip155:137 0.01',
      'live eip155:137 0.01',
      'live eip155:8453 0.01',
      'live eip155:8453 0.01',
    ]);
    expect((await test.get('/v1/payments')).body.data).toEqual([]);
    expect((await test.get('/v1/transfers')).body.data).toEqual([]);
    for (const network of ['eip155:8453', 'eip155:137']) {
      const { data } = (await live.get(`/v1/books/proof?network=${network}`)).body;
      expect(data).toMatchObject([{ network, onChain: '20000', difference: '0' }]);
    }
    expect((await test.get('/v1/books/proof?network=eip155:84532')).body.data).toMatchObject([{ onChain: '0' }]);
  });

  it('tells of each network how it stands, and never an address of a node', async () => {
    const answer = await eventually('the worker told of all', async () => {
      const { body } = await live.get('/v1/health');
      return body.networks.length === 4 && body.networks[3].reason !== null && body;
    });
    const { networks } = healthSchema.parse(answer);
    expect(networks.map(({ network, state, reason }) => [network, state, reason])).toEqual([
      ['eip155:8453', 'ok', null],
      ['eip155:137', 'ok', null],
      ['eip155:1', 'failing', 'node_away'],
      ['eip155:43114', 'failing', 'node_refused'],
    ]);
    expect(networks[3]?.refusal).toBe('its node is of chain 137, not 43114');
    expect(networks[0]?.rpc.map(({ name, errors }) => [name, errors > 0])).toEqual([
      ['node 1', true],
      ['node 2', false],
    ]);
    expect(JSON.stringify(answer)).not.toContain('canary');
    expect(JSON.stringify(answer)).not.toContain('127.0.0.1');
    const sandbox = healthSchema.parse((await test.get('/v1/health')).body).networks;
    expect(sandbox.map(({ network, state }) => [network, state])).toEqual([['eip155:84532', 'ok']]);
    expect((await send(`${api.url}/health/ready`)).status).toBe(200);
  });

  it('sells nothing where the token counts by other decimals, from the first moment on (A13)', async () => {
    const node = await startNodeOfOtherToken(42_161);
    const other = await world.startApi({ TOLLBOOK_RPC_ARBITRUM: node.url, TOLLBOOK_GAS_KEY: gas.privateKey });
    const client = apiClient(other.url, key);
    try {
      const network = 'eip155:42161';
      const wallet = await client.post('/v1/wallets', { network, address: tills.base });
      expect([wallet.status, wallet.body.code]).toEqual([422, 'network_refused']);
      expect(wallet.body.detail).toContain('decimals of USDC should be 6 and is 18');
      const price = { amount: '0.01', asset: 'USDC' };
      const endpoint = { method: 'GET', path: '/refused', upstream: world.upstream.url, price, networks: [network] };
      const sold = await client.post('/v1/endpoints', endpoint);
      expect([sold.status, sold.body.code]).toEqual([422, 'network_refused']);
      expect((await send(`${other.url}/g/shop/refused`)).status).toBe(404);
      expect(node.asked).not.toContain('eth_getLogs');
    } finally {
      await other.kill();
      await node.close();
    }
  });
});

/** A node of a chain whose USDC has eighteen decimals, as far as a check asks. */
async function startNodeOfOtherToken(chainId: number) {
  const asked: string[] = [];
  const eighteen = `0x${(18).toString(16).padStart(64, '0')}`;
  const answers: Record<string, string> = { eth_chainId: `0x${chainId.toString(16)}`, eth_getCode: '0x60' };
  const answer = ({ id, method }: { id: number; method: string }) => {
    asked.push(method);
    return { jsonrpc: '2.0', id, result: answers[method] ?? eighteen };
  };
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(Array.isArray(body) ? body.map(answer) : answer(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  return { url: `http://127.0.0.1:${port}`, asked, close };
}

/** A merchant with a key to its live book, made by the operator's commands while everything runs. */
async function addLiveBook(world: World): Promise<string> {
  await tollbook(world, 'merchant', 'create', '--slug', 'shop', '--name', 'Shop');
  return tollbook(world, 'key', 'create', '--name', 'shop', '--merchant', 'shop', '--mode', 'live');
}

async function tollbook({ dataDir, databaseUrl }: World, ...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, TOLLBOOK_DATA_DIR: dataDir, DATABASE_URL: databaseUrl };
  const { stdout } = await run(process.execPath, [cli, ...args], { env: { ...env, TOLLBOOK_MASTER_KEY: masterKey } });
  return stdout.trim();
}
