import { z } from 'zod';
import { isCidr } from './cidr.js';
import { gasBalances, gasFees } from './gas-settings.js';
import { rpcRates } from './rpc-rates.js';
import { connectionUrl, publicUrl } from './url-text.js';

const HOST_PATTERN = /^[A-Za-z0-9.:_-]+$/;
const MASTER_KEY_PATTERN = /^(?:[0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/i;
const ADMIN_PASSWORD_CHARACTERS_MIN = 8;

const cidrList = z
  .string()
  .transform((text) => text.split(',').map((cidr) => cidr.trim()))
  .refine((cidrs) => cidrs.every(isCidr), 'must be networks in CIDR notation, separated by commas');

/** Several nodes of one network; what they say is never repeated, since it often holds a key. */
const rpcUrls = z
  .string()
  .transform((text) => text.split(',').map((url) => url.trim()))
  .refine((urls) => urls.every(isNodeUrl), 'must be http://, https://, ws:// or wss:// URLs, separated by commas')
  .refine((urls) => urls.some(isHttpUrl), 'must name an http:// or https:// URL: a WebSocket only tells of new blocks')
  .refine((urls) => new Set(urls).size === urls.length, 'must not name a node twice')
  .default([]);

const heldBytesMax = 16 * 1024 * 1024;
const heldBytes = z
  .string()
  .regex(/^\d{1,8}$/, `must be a whole number of bytes up to ${heldBytesMax}`)
  .transform(Number)
  .refine((bytes) => bytes <= heldBytesMax, `must be a whole number of bytes up to ${heldBytesMax}`)
  .default(1024 * 1024);

/** Every variable that Tollbook reads; the messages complete a sentence that begins with the variable's name. */
const wholeUnits = z
  .string()
  .regex(/^\d{1,12}$/, 'must be a whole number of up to 12 digits')
  .transform(BigInt);

export const variables = z.object({
  HOST: z.string().regex(HOST_PATTERN, 'must be an address or a host name').default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number from 1 to 65535')
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65_535, 'must be a whole number from 1 to 65535')
    .default(4020),
  TOLLBOOK_DATA_DIR: z.string().optional(),
  TOLLBOOK_PUBLIC_URL: publicUrl.optional(),
  TOLLBOOK_OUTBOUND_ALLOW: cidrList.default([]),
  // Whoever trusts everybody believes the left-most address, which the client itself wrote.
  TOLLBOOK_TRUSTED_PROXIES: cidrList
    .refine((cidrs) => !cidrs.some((cidr) => /\/0+$/.test(cidr)), 'must not hold every address there is')
    .default([]),
  TOLLBOOK_ACCOUNT_FACTORIES: z
    .string()
    .transform((text) => text.split(',').map((address) => address.trim().toLowerCase()))
    .refine((addresses) => addresses.every(isAddress), 'must be addresses of contracts, separated by commas')
    .default([]),
  TOLLBOOK_EXPOSURE_PER_PAYER: wholeUnits.default(1_000n),
  TOLLBOOK_EXPOSURE_PER_ENDPOINT: wholeUnits.default(10_000n),
  TOLLBOOK_EXPOSURE_TOTAL: wholeUnits.default(10_000n),
  TOLLBOOK_TRANSFER_WAIT_SECONDS: z
    .string()
    .regex(/^\d{1,2}$/, 'must be a whole number from 0 to 60')
    .transform(Number)
    .refine((seconds) => seconds <= 60, 'must be a whole number from 0 to 60')
    .default(30),
  TOLLBOOK_RPC_BASE: rpcUrls,
  TOLLBOOK_RPC_POLYGON: rpcUrls,
  TOLLBOOK_RPC_ETHEREUM: rpcUrls,
  TOLLBOOK_RPC_ARBITRUM: rpcUrls,
  TOLLBOOK_RPC_AVALANCHE: rpcUrls,
  TOLLBOOK_RPC_BASE_SEPOLIA: rpcUrls,
  TOLLBOOK_RPC_RATE: rpcRates.default({}),
  TOLLBOOK_GAS_KEY: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/i, 'must be a private key: 0x and 64 hex digits')
    .optional(),
  TOLLBOOK_GAS_FEE_MAX: gasFees.default({}),
  TOLLBOOK_GAS_BALANCE_MIN: gasBalances.default({}),
  TOLLBOOK_REQUEST_HELD_BYTES: heldBytes,
  TOLLBOOK_ANSWER_HELD_BYTES: heldBytes,
  DATABASE_URL: connectionUrl(['postgres:', 'postgresql:']).optional(),
  REDIS_URL: connectionUrl(['redis:', 'rediss:']).optional(),
  TOLLBOOK_SANDBOX: z.enum(['on', 'off'], 'must be on or off').optional(),
  TOLLBOOK_ANVIL_PATH: z.string().optional(),
  TOLLBOOK_ADMIN_EMAIL: z.email('must be an e-mail address').optional(),
  TOLLBOOK_ADMIN_PASSWORD: z
    .string()
    .min(ADMIN_PASSWORD_CHARACTERS_MIN, `must have at least ${ADMIN_PASSWORD_CHARACTERS_MIN} characters`)
    .optional(),
  TOLLBOOK_MASTER_KEY: z
    .string()
    .regex(MASTER_KEY_PATTERN, 'must be 32 bytes, as 64 hex digits or as base64')
    .optional(),
  TOLLBOOK_LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be trace, debug, info, warn, error, fatal or silent',
    )
    .default('info'),
  TOLLBOOK_FAILPOINT: z.string().optional(),
});

/** The network, by CAIP-2, whose nodes a variable names. */
export const rpcNetworks = {
  TOLLBOOK_RPC_BASE: 'eip155:8453',
  TOLLBOOK_RPC_POLYGON: 'eip155:137',
  TOLLBOOK_RPC_ETHEREUM: 'eip155:1',
  TOLLBOOK_RPC_ARBITRUM: 'eip155:42161',
  TOLLBOOK_RPC_AVALANCHE: 'eip155:43114',
  TOLLBOOK_RPC_BASE_SEPOLIA: 'eip155:84532',
} as const satisfies Partial<Record<VariableName, string>>;

function isNodeUrl(text: string): boolean {
  return URL.canParse(text) && /^(https?|wss?):$/.test(new URL(text).protocol);
}

/** Whether a node can be asked anything at a URL; a WebSocket only tells of new blocks. */
export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function isAddress(text: string): boolean {
  return /^0x[0-9a-f]{40}$/.test(text);
}

/** The name of a variable that Tollbook reads. */
export type VariableName = keyof typeof variables.shape;

/** A value that works, for each variable; shown beside what was wrong. */
export const examples: Readonly<Record<VariableName, string>> = {
  HOST: '127.0.0.1',
  PORT: '4020',
  TOLLBOOK_DATA_DIR: '/var/lib/tollbook',
  TOLLBOOK_PUBLIC_URL: 'https://pay.example.com',
  TOLLBOOK_OUTBOUND_ALLOW: '10.20.0.0/16,fd00:12::/32',
  TOLLBOOK_TRUSTED_PROXIES: '127.0.0.1/32,10.0.0.0/24',
  TOLLBOOK_EXPOSURE_PER_PAYER: '1000',
  TOLLBOOK_EXPOSURE_PER_ENDPOINT: '10000',
  TOLLBOOK_EXPOSURE_TOTAL: '10000',
  TOLLBOOK_TRANSFER_WAIT_SECONDS: '30',
  TOLLBOOK_REQUEST_HELD_BYTES: '1048576',
  TOLLBOOK_ANSWER_HELD_BYTES: '1048576',
  TOLLBOOK_ACCOUNT_FACTORIES: '0x5ff137d4b0fdcd49dca30c7cf57e578a026d2789',
  TOLLBOOK_RPC_BASE: 'https://base.node-one.example/KEY,https://base.node-two.example',
  TOLLBOOK_RPC_POLYGON: 'https://polygon.node-one.example/KEY',
  TOLLBOOK_RPC_ETHEREUM: 'https://ethereum.node-one.example/KEY',
  TOLLBOOK_RPC_ARBITRUM: 'https://arbitrum.node-one.example/KEY',
  TOLLBOOK_RPC_AVALANCHE: 'https://avalanche.node-one.example/KEY',
  TOLLBOOK_RPC_BASE_SEPOLIA: 'https://sepolia.node-one.example/KEY',
  TOLLBOOK_RPC_RATE: 'eip155:8453=25/10,eip155:137=10',
  TOLLBOOK_GAS_KEY: '(a private key that holds nothing but gas money)',
  TOLLBOOK_GAS_FEE_MAX: 'eip155:8453=5,eip155:137=1500',
  TOLLBOOK_GAS_BALANCE_MIN: 'eip155:8453=0.002,eip155:137=10',
  DATABASE_URL: 'postgres://tollbook:password@127.0.0.1:5432/tollbook',
  REDIS_URL: 'redis://127.0.0.1:6379',
  TOLLBOOK_SANDBOX: 'on',
  TOLLBOOK_ANVIL_PATH: '/usr/local/bin/anvil',
  TOLLBOOK_ADMIN_EMAIL: 'owner@example.com',
  TOLLBOOK_ADMIN_PASSWORD: '(a passphrase of your own)',
  TOLLBOOK_MASTER_KEY: '(the output of: openssl rand -hex 32)',
  TOLLBOOK_LOG_LEVEL: 'info',
  TOLLBOOK_FAILPOINT: '(unset)',
};
