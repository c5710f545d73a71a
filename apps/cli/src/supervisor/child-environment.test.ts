import { readFileSync } from 'node:fs';
import { loadConfig } from '@tollbook/config';
import { describe, expect, it } from 'vitest';
import { childEnvironment } from './child-environment.js';

const complete = {
  HOST: '127.0.0.1',
  PORT: '4321',
  TOLLBOOK_DATA_DIR: '/srv/tollbook',
  TOLLBOOK_PUBLIC_URL: 'https://pay.example.com',
  TOLLBOOK_OUTBOUND_ALLOW: '10.0.0.0/8,fd00::/8',
  TOLLBOOK_TRUSTED_PROXIES: '127.0.0.1/32,10.0.0.0/24',
  TOLLBOOK_EXPOSURE_PER_PAYER: '7',
  TOLLBOOK_EXPOSURE_PER_ENDPOINT: '35',
  TOLLBOOK_EXPOSURE_TOTAL: '70',
  TOLLBOOK_TRANSFER_WAIT_SECONDS: '45',
  TOLLBOOK_REQUEST_HELD_BYTES: '2048',
  TOLLBOOK_ANSWER_HELD_BYTES: '4096',
  TOLLBOOK_ACCOUNT_FACTORIES: '0x0ba5ed0c6aa8c49038f819e587e2633c4a9f428a',
  TOLLBOOK_RPC_BASE: 'https://one.example/key,https://two.example,wss://one.example/key',
  TOLLBOOK_RPC_POLYGON: 'https://polygon.example',
  TOLLBOOK_RPC_ETHEREUM: 'https://ethereum.example',
  TOLLBOOK_RPC_ARBITRUM: 'https://arbitrum.example',
  TOLLBOOK_RPC_AVALANCHE: 'https://avalanche.example',
  TOLLBOOK_RPC_BASE_SEPOLIA: 'https://user:password@sepolia.example/rpc',
  TOLLBOOK_RPC_RATE: 'eip155:8453=25/10,eip155:137=10',
  TOLLBOOK_GAS_KEY: `0x${'1'.repeat(64)}`,
  TOLLBOOK_GAS_FEE_MAX: 'eip155:8453=5,eip155:137=1500,eip155:1=80,eip155:42161=3,eip155:43114=200,eip155:84532=900',
  TOLLBOOK_GAS_BALANCE_MIN:
    'eip155:8453=0.002,eip155:137=10,eip155:1=0.1,eip155:42161=0.000000000000000001,eip155:43114=1,eip155:84532=0',
  DATABASE_URL: 'postgres://a:b@127.0.0.1:5432/c',
  REDIS_URL: 'redis://127.0.0.1:6379',
  TOLLBOOK_SANDBOX: 'off',
  TOLLBOOK_ANVIL_PATH: '/opt/anvil',
  TOLLBOOK_ADMIN_EMAIL: 'owner@example.com',
  TOLLBOOK_ADMIN_PASSWORD: 'long enough',
  TOLLBOOK_MASTER_KEY: '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff',
  TOLLBOOK_LOG_LEVEL: 'warn',
  TOLLBOOK_FAILPOINT: 'after_claim',
};

describe('childEnvironment', () => {
  it('hands on every variable as it was given', () => {
    const config = loadConfig(complete);
    expect(childEnvironment(config, config.databaseUrl)).toEqual(complete);
  });

  it('gives a child the same configuration, with the database that the supervisor runs', () => {
    const config = loadConfig({ TOLLBOOK_DATA_DIR: '/srv/tollbook' });
    const url = 'postgres://tollbook:secret@127.0.0.1:40001/tollbook';
    expect(loadConfig(childEnvironment(config, url))).toEqual({ ...config, databaseUrl: url });
  });

  it('knows every variable of .env.example', () => {
    const example = readFileSync(new URL('../../../../.env.example', import.meta.url), 'utf8');
    const names = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    // Read by docker-compose.yml, never by Tollbook.
    const ofCompose = ['TOLLBOOK_API_PORTS', 'TOLLBOOK_DATABASE_PASSWORD'];
    expect([...Object.keys(complete), ...ofCompose].sort()).toEqual(names.sort());
  });
});
