import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKOUT_ROOT } from './checkout-root.js';
import { ConfigError } from './config-error.js';
import { gasDefaults } from './gas-settings.js';
import { loadConfig } from './load-config.js';
import { rpcRateOf } from './rpc-rates.js';
import { examples } from './variables.js';

const CANARY = 'canary-3f9a';
const USER_ID = 1000;

function problemsOf(env: NodeJS.ProcessEnv): ConfigError {
  try {
    loadConfig(env, USER_ID);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('loadConfig', () => {
  it('needs no variable at all', () => {
    expect(loadConfig({}, USER_ID)).toEqual({
      gas: gasDefaults,
      host: '127.0.0.1',
      port: 4020,
      dataDir: join(CHECKOUT_ROOT, '.tollbook'),
      publicUrl: 'http://127.0.0.1:4020',
      outboundAllowCidrs: [],
      trustedProxyCidrs: [],
      accountFactories: [],
      transferWaitSeconds: 30,
      exposureCaps: { perPayer: 1_000n, perEndpoint: 10_000n, total: 10_000n },
      requestHeldBytesMax: 1_048_576,
      answerHeldBytesMax: 1_048_576,
      rpcUrls: {},
      wsUrls: {},
      rpcRates: {},
      isSandboxOn: true,
      logLevel: 'info',
    });
  });

  it('finds the checkout from where the library lies', () => {
    expect(readFileSync(join(CHECKOUT_ROOT, 'package.json'), 'utf8')).toContain('"name": "tollbook"');
  });

  it('keeps the data of root outside the checkout, unless told where', () => {
    expect(loadConfig({}, 0).dataDir).toBe('/var/lib/tollbook');
    expect(loadConfig({ TOLLBOOK_DATA_DIR: '/srv/books' }, 0).dataDir).toBe('/srv/books');
  });

  it('takes a relative data folder from the checkout, wherever it was started', () => {
    expect(loadConfig({ TOLLBOOK_DATA_DIR: 'books' }, USER_ID).dataDir).toBe(resolve(CHECKOUT_ROOT, 'books'));
  });

  it('counts an empty variable as unset', () => {
    const empty = Object.fromEntries(Object.keys(examples).map((name) => [name, '']));
    expect(loadConfig(empty, USER_ID)).toEqual(loadConfig({}, USER_ID));
  });

  it('reads every variable', () => {
    const masterKey = Buffer.alloc(32, CANARY).toString('base64');
    const config = loadConfig({
      HOST: '::',
      PORT: '8080',
      TOLLBOOK_PUBLIC_URL: 'https://Pay.Example.com:443/',
      TOLLBOOK_OUTBOUND_ALLOW: '10.0.0.0/8, fd00::/8',
      TOLLBOOK_TRUSTED_PROXIES: '127.0.0.1/32, ::1/128',
      TOLLBOOK_RPC_BASE: 'https://one.example/key, https://two.example',
      TOLLBOOK_RPC_POLYGON: 'https://polygon.example',
      TOLLBOOK_GAS_KEY: `0x${'1'.repeat(64)}`,
      DATABASE_URL: 'postgresql://tollbook:secret@db/tollbook',
      REDIS_URL: 'rediss://:secret@cache:6380',
      TOLLBOOK_SANDBOX: 'off',
      TOLLBOOK_ANVIL_PATH: '/opt/anvil',
      TOLLBOOK_ADMIN_EMAIL: 'owner@example.com',
      TOLLBOOK_ADMIN_PASSWORD: 'correct horse',
      TOLLBOOK_MASTER_KEY: masterKey,
      TOLLBOOK_LOG_LEVEL: 'debug',
      TOLLBOOK_FAILPOINT: 'after-claim',
    });
    expect(config).toMatchObject({
      host: '::',
      port: 8080,
      publicUrl: 'https://pay.example.com',
      outboundAllowCidrs: ['10.0.0.0/8', 'fd00::/8'],
      trustedProxyCidrs: ['127.0.0.1/32', '::1/128'],
      databaseUrl: 'postgresql://tollbook:secret@db/tollbook',
      redisUrl: 'rediss://:secret@cache:6380',
      rpcUrls: {
        'eip155:8453': ['https://one.example/key', 'https://two.example'],
        'eip155:137': ['https://polygon.example'],
      },
      wsUrls: {},
      rpcRates: {},
      gasKey: `0x${'1'.repeat(64)}`,
      isSandboxOn: false,
      anvilPath: '/opt/anvil',
      adminEmail: 'owner@example.com',
      adminPassword: 'correct horse',
      masterKey,
      logLevel: 'debug',
      failpoint: 'after-claim',
    });
  });

  it.each([
    ['HOST', 'a host'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '40.5'],
    ['PORT', '0x50'],
    ['TOLLBOOK_PUBLIC_URL', 'pay.example.com'],
    ['TOLLBOOK_PUBLIC_URL', 'ftp://pay.example.com'],
    ['TOLLBOOK_PUBLIC_URL', 'https://pay.example.com/till'],
    ['TOLLBOOK_PUBLIC_URL', 'https://pay.example.com/?a'],
    ['TOLLBOOK_OUTBOUND_ALLOW', '10.0.0.0'],
    ['TOLLBOOK_OUTBOUND_ALLOW', '10.0.0.0/33'],
    ['TOLLBOOK_OUTBOUND_ALLOW', '10.0.0.0/8,'],
    ['TOLLBOOK_OUTBOUND_ALLOW', 'fd00::/129'],
    ['TOLLBOOK_OUTBOUND_ALLOW', 'intranet/8'],
    ['TOLLBOOK_TRUSTED_PROXIES', '10.0.0.1'],
    ['TOLLBOOK_TRUSTED_PROXIES', 'loopback'],
    ['TOLLBOOK_TRUSTED_PROXIES', '10.0.0.0/8,0.0.0.0/0'],
    ['TOLLBOOK_TRUSTED_PROXIES', '::/00'],
    ['DATABASE_URL', 'mysql://db/tollbook'],
    ['DATABASE_URL', 'tollbook'],
    ['REDIS_URL', 'http://cache'],
    ['TOLLBOOK_GAS_FEE_MAX', '5'],
    ['TOLLBOOK_GAS_FEE_MAX', 'eip155:8453=0.5'],
    ['TOLLBOOK_GAS_FEE_MAX', 'eip155:99=5'],
    ['TOLLBOOK_GAS_BALANCE_MIN', 'eip155:8453=1=2'],
    ['TOLLBOOK_GAS_BALANCE_MIN', 'eip155:8453=-1'],
    ['TOLLBOOK_RPC_BASE', 'wss://node.example'],
    ['TOLLBOOK_RPC_BASE', 'https://node.example,ftp://node.example'],
    ['TOLLBOOK_RPC_RATE', '10'],
    ['TOLLBOOK_RPC_RATE', 'eip155:8453=0'],
    ['TOLLBOOK_RPC_RATE', 'eip155:8453=10/'],
    ['TOLLBOOK_RPC_RATE', 'eip155:99=10'],
    ['TOLLBOOK_RPC_BASE', 'https://node.example,'],
    ['TOLLBOOK_RPC_BASE', 'https://node.example,https://node.example'],
    ['TOLLBOOK_SANDBOX', 'true'],
    ['TOLLBOOK_TRANSFER_WAIT_SECONDS', '61'],
    ['TOLLBOOK_TRANSFER_WAIT_SECONDS', '-1'],
    ['TOLLBOOK_TRANSFER_WAIT_SECONDS', 'long'],
    ['TOLLBOOK_ADMIN_EMAIL', 'owner'],
    ['TOLLBOOK_LOG_LEVEL', 'verbose'],
  ])('refuses %s=%s, and says which variable, what is wrong and what would work', (name, value) => {
    const error = problemsOf({ [name]: value });
    expect(error.problems.map((problem) => problem.variable)).toEqual([name]);
    expect(error.message).toMatch(new RegExp(`^${name} (must|is) .+ Example: ${name}=.+$`));
  });

  it.each([
    ['DATABASE_URL', `postgres://tollbook:${CANARY}@[db/tollbook`],
    ['DATABASE_URL', `mysql://tollbook:${CANARY}@db/tollbook`],
    ['REDIS_URL', `http://:${CANARY}@cache`],
    ['TOLLBOOK_PUBLIC_URL', `https://owner:${CANARY}@pay.example.com`],
    ['TOLLBOOK_ADMIN_PASSWORD', CANARY.slice(0, 7)],
    ['TOLLBOOK_MASTER_KEY', CANARY],
    ['TOLLBOOK_RPC_BASE', `https://node.example/${CANARY},node.example`],
    ['TOLLBOOK_GAS_KEY', CANARY],
  ])('does not repeat what %s says when it is refused', (name, value) => {
    const error = problemsOf({ [name]: value });
    expect(error.message).toContain(name);
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(CANARY.slice(0, 7));
  });

  it('tells WebSockets from nodes, and reads a rate for each node', () => {
    const config = loadConfig(
      {
        TOLLBOOK_RPC_BASE: 'https://one.example,wss://one.example,https://two.example',
        TOLLBOOK_RPC_RATE: 'eip155:8453=25/10',
      },
      USER_ID,
    );
    expect(config.rpcUrls).toEqual({ 'eip155:8453': ['https://one.example', 'https://two.example'] });
    expect(config.wsUrls).toEqual({ 'eip155:8453': ['wss://one.example'] });
    const rates = config.rpcRates['eip155:8453'];
    expect([0, 1, 2].map((at) => rpcRateOf(rates, at))).toEqual([25, 10, 10]);
    expect(rpcRateOf(config.rpcRates['eip155:137'], 0)).toBeUndefined();
  });

  it('takes gas settings for some networks, and its own for the others', () => {
    const { gas } = loadConfig(
      { TOLLBOOK_GAS_FEE_MAX: 'eip155:137=1500', TOLLBOOK_GAS_BALANCE_MIN: 'eip155:1=0.1' },
      USER_ID,
    );
    expect(gas).toEqual({
      ...gasDefaults,
      'eip155:137': { ...gasDefaults['eip155:137'], feeMaxWei: 1_500_000_000_000n },
      'eip155:1': { ...gasDefaults['eip155:1'], balanceMinWei: 100_000_000_000_000_000n },
    });
  });

  it('has the sandbox where no node is named, unless told', () => {
    const live = { TOLLBOOK_RPC_BASE: 'https://node.example' };
    expect(loadConfig(live, USER_ID).isSandboxOn).toBe(false);
    expect(loadConfig({ ...live, TOLLBOOK_SANDBOX: 'on' }, USER_ID).isSandboxOn).toBe(true);
    expect(loadConfig({ TOLLBOOK_SANDBOX: 'off' }, USER_ID).isSandboxOn).toBe(false);
  });

  it('lets the sandbox and a node of Base Sepolia never stand for one network', () => {
    const sepolia = { TOLLBOOK_RPC_BASE_SEPOLIA: 'https://node.example' };
    expect(loadConfig(sepolia, USER_ID).isSandboxOn).toBe(false);
    expect(problemsOf({ ...sepolia, TOLLBOOK_SANDBOX: 'on' }).message).toContain('TOLLBOOK_RPC_BASE_SEPOLIA');
  });

  it('names every bad variable at once', () => {
    const error = problemsOf({ PORT: 'x', TOLLBOOK_SANDBOX: 'maybe' });
    expect(error.problems.map((problem) => problem.variable)).toEqual(['PORT', 'TOLLBOOK_SANDBOX']);
    expect(error.message.split('\n')).toHaveLength(2);
  });
});
