import { type Config, gasTexts, rpcNetworks, rpcRateText } from '@tollbook/config';

/**
 * The environment of a child: every variable that Tollbook reads, made explicit, and nothing else, so that api, worker
 * and sandbox see the same settings whatever surrounds them.
 */
export function childEnvironment(config: Config, databaseUrl: string | undefined): Record<string, string> {
  const gas = gasTexts(config.gas);
  const values = {
    HOST: config.host,
    PORT: `${config.port}`,
    TOLLBOOK_DATA_DIR: config.dataDir,
    TOLLBOOK_PUBLIC_URL: config.publicUrl,
    TOLLBOOK_OUTBOUND_ALLOW: config.outboundAllowCidrs.join(','),
    TOLLBOOK_TRUSTED_PROXIES: config.trustedProxyCidrs.join(','),
    TOLLBOOK_EXPOSURE_PER_PAYER: String(config.exposureCaps.perPayer),
    TOLLBOOK_EXPOSURE_PER_ENDPOINT: String(config.exposureCaps.perEndpoint),
    TOLLBOOK_EXPOSURE_TOTAL: String(config.exposureCaps.total),
    TOLLBOOK_TRANSFER_WAIT_SECONDS: String(config.transferWaitSeconds),
    TOLLBOOK_REQUEST_HELD_BYTES: String(config.requestHeldBytesMax),
    TOLLBOOK_ANSWER_HELD_BYTES: String(config.answerHeldBytesMax),
    TOLLBOOK_ACCOUNT_FACTORIES: config.accountFactories.join(','),
    ...Object.fromEntries(
      Object.entries(rpcNetworks).map(([variable, network]) => [variable, nodeUrls(config, network)]),
    ),
    TOLLBOOK_RPC_RATE: rpcRateText(config.rpcRates),
    TOLLBOOK_GAS_KEY: config.gasKey,
    TOLLBOOK_GAS_FEE_MAX: gas.fees,
    TOLLBOOK_GAS_BALANCE_MIN: gas.balances,
    DATABASE_URL: databaseUrl,
    REDIS_URL: config.redisUrl,
    TOLLBOOK_SANDBOX: config.isSandboxOn ? 'on' : 'off',
    TOLLBOOK_ANVIL_PATH: config.anvilPath,
    TOLLBOOK_ADMIN_EMAIL: config.adminEmail,
    TOLLBOOK_ADMIN_PASSWORD: config.adminPassword,
    TOLLBOOK_MASTER_KEY: config.masterKey,
    TOLLBOOK_LOG_LEVEL: config.logLevel,
    TOLLBOOK_FAILPOINT: config.failpoint,
  };
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) environment[name] = value;
  return environment;
}

function nodeUrls({ rpcUrls, wsUrls }: Config, network: string): string | undefined {
  const urls = [...(rpcUrls[network] ?? []), ...(wsUrls[network] ?? [])];
  return urls.length === 0 ? undefined : urls.join(',');
}
