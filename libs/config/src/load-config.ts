import { resolve } from 'node:path';
import { CHECKOUT_ROOT } from './checkout-root.js';
import { ConfigError } from './config-error.js';
import { type GasSettings, gasDefaults } from './gas-settings.js';
import type { RpcRates } from './rpc-rates.js';
import { examples, isHttpUrl, rpcNetworks, type VariableName, variables } from './variables.js';

/** The settings of one process, read once; a setting that is unset and has no default is undefined. */
export type Config = Readonly<{
  host: string;
  port: number;
  /** Absolute. */
  dataDir: string;
  /** Scheme, host and port; no slash at the end. */
  publicUrl: string;
  /** Networks that outbound calls may reach besides public addresses; the sandbox's loopback is not among them. */
  outboundAllowCidrs: readonly string[];
  /** Networks of the proxies before us, whose word on where a request comes from counts. */
  trustedProxyCidrs: readonly string[];
  /** Lower-case addresses of contracts that may deploy a paying smart account (ERC-6492). */
  accountFactories: readonly string[];
  /** What may be sent and not yet confirmed, in whole units of a token. */
  exposureCaps: { readonly perPayer: bigint; readonly perEndpoint: bigint; readonly total: bigint };
  /** What is read of a paid request before its claim, and held of an answer until its settlement has answered. */
  requestHeldBytesMax: number;
  answerHeldBytesMax: number;
  /** How long a request that shows a transaction is held until that is deep enough. */
  transferWaitSeconds: number;
  /** Nodes by network (CAIP-2), each in the order in which they are asked. They may hold keys: never logged. */
  rpcUrls: Readonly<Record<string, readonly string[]>>;
  /** WebSockets that tell of new blocks, by network. They may hold keys: never logged. */
  wsUrls: Readonly<Record<string, readonly string[]>>;
  /** Calls a second, by network and in the order of its nodes; no limit where none is named. */
  rpcRates: Readonly<Record<string, RpcRates>>;
  /** Private key that pays for gas on the networks above. */
  gasKey: string | undefined;
  /** For every network there is, by CAIP-2. */
  gas: Readonly<Record<string, GasSettings>>;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  isSandboxOn: boolean;
  anvilPath: string | undefined;
  adminEmail: string | undefined;
  adminPassword: string | undefined;
  /** The text as set, right in form; `parseMasterKey` of libs/vault makes the key of it. */
  masterKey: string | undefined;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** For tests: the failpoint at which this process kills itself. */
  failpoint: string | undefined;
}>;

const ROOT_DATA_DIR = '/var/lib/tollbook';
const ROOT_USER_ID = 0;

/** Reads the environment; throws a ConfigError that names every bad variable. Empty variables count as unset. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env, userId = process.getuid?.()): Config {
  const names = variables.keyof().options;
  const given = Object.fromEntries(names.map((name) => [name, env[name] === '' ? undefined : env[name]]));
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => {
        const name: VariableName | undefined = names.find((candidate) => candidate === issue.path[0]);
        const variable = name ?? issue.path.join('.');
        return { variable, problem: issue.message, example: name === undefined ? '' : examples[name] };
      }),
    );
  }
  const values = parsed.data;
  const rpcUrls = rpcUrlsOf(values, isHttpUrl);
  const isSandboxOn =
    values.TOLLBOOK_SANDBOX === undefined ? Object.keys(rpcUrls).length === 0 : values.TOLLBOOK_SANDBOX === 'on';
  if (isSandboxOn && values.TOLLBOOK_RPC_BASE_SEPOLIA.length > 0) {
    const variable = 'TOLLBOOK_RPC_BASE_SEPOLIA';
    const problem = "must not be set while TOLLBOOK_SANDBOX is on: the sandbox's chain stands for that network";
    throw new ConfigError([{ variable, problem, example: '(unset)' }]);
  }
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    dataDir: resolve(CHECKOUT_ROOT, values.TOLLBOOK_DATA_DIR ?? defaultDataDir(userId)),
    publicUrl: values.TOLLBOOK_PUBLIC_URL ?? `http://127.0.0.1:${values.PORT}`,
    outboundAllowCidrs: values.TOLLBOOK_OUTBOUND_ALLOW,
    trustedProxyCidrs: values.TOLLBOOK_TRUSTED_PROXIES,
    accountFactories: values.TOLLBOOK_ACCOUNT_FACTORIES,
    transferWaitSeconds: values.TOLLBOOK_TRANSFER_WAIT_SECONDS,
    rpcUrls,
    wsUrls: rpcUrlsOf(values, (url) => !isHttpUrl(url)),
    rpcRates: values.TOLLBOOK_RPC_RATE,
    gasKey: values.TOLLBOOK_GAS_KEY,
    gas: gasOf(values),
    exposureCaps: {
      perPayer: values.TOLLBOOK_EXPOSURE_PER_PAYER,
      perEndpoint: values.TOLLBOOK_EXPOSURE_PER_ENDPOINT,
      total: values.TOLLBOOK_EXPOSURE_TOTAL,
    },
    requestHeldBytesMax: values.TOLLBOOK_REQUEST_HELD_BYTES,
    answerHeldBytesMax: values.TOLLBOOK_ANSWER_HELD_BYTES,
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    isSandboxOn,
    anvilPath: values.TOLLBOOK_ANVIL_PATH,
    adminEmail: values.TOLLBOOK_ADMIN_EMAIL,
    adminPassword: values.TOLLBOOK_ADMIN_PASSWORD,
    masterKey: values.TOLLBOOK_MASTER_KEY,
    logLevel: values.TOLLBOOK_LOG_LEVEL,
    failpoint: values.TOLLBOOK_FAILPOINT,
  });
}

function rpcUrlsOf(
  values: Record<keyof typeof rpcNetworks, string[]>,
  isWanted: (url: string) => boolean,
): Config['rpcUrls'] {
  const named = Object.entries(rpcNetworks).map(([variable, network]) => {
    return [network, values[variable as keyof typeof rpcNetworks].filter(isWanted)] as const;
  });
  return Object.fromEntries(named.filter(([, urls]) => urls.length > 0));
}

function gasOf(values: {
  readonly TOLLBOOK_GAS_FEE_MAX: Readonly<Record<string, bigint>>;
  readonly TOLLBOOK_GAS_BALANCE_MIN: Readonly<Record<string, bigint>>;
}): Config['gas'] {
  return Object.fromEntries(
    Object.entries(gasDefaults).map(([network, { feeMaxWei, balanceMinWei }]) => {
      const { [network]: fee = feeMaxWei } = values.TOLLBOOK_GAS_FEE_MAX;
      const { [network]: balance = balanceMinWei } = values.TOLLBOOK_GAS_BALANCE_MIN;
      return [network, { feeMaxWei: fee, balanceMinWei: balance }];
    }),
  );
}

/** Root's data lies where the unprivileged user that PostgreSQL runs as can reach it. */
function defaultDataDir(userId: number | undefined): string {
  return userId === ROOT_USER_ID ? ROOT_DATA_DIR : '.tollbook';
}
