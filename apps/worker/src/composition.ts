import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '@tollbook/config';
import {
  createBooksStore,
  createChainStore,
  createDeliveryStore,
  createPool,
  createRpcUsageStore,
  createScheduleRunStore,
  createSetupStore,
  createSweepStore,
  createWorkerReportStore,
} from '@tollbook/db';
import { checksumAddress } from '@tollbook/evm';
import { createOutboundClient } from '@tollbook/outbound';
import { createQueues } from '@tollbook/queue';
import type { Logger } from '@tollbook/telemetry';
import { createTellDisabled, RpcUsageTally, type WorkerDeps } from '@tollbook/usecases';
import { createSealer, cryptoPort, loadOrCreateMasterKey, parseMasterKey, Vault } from '@tollbook/vault';
import { createWebhookSender } from '@tollbook/webhooks';
import { ChainSteps } from './chain-steps.js';
import { DeliveryPump } from './delivery-pump.js';
import { failpointOf } from './failpoint.js';
import { FailureLog } from './failure-log.js';
import { GasSigners } from './gas-signers.js';
import { GasWatch } from './gas-watch.js';
import { Nodes } from './nodes.js';
import { openSealed } from './open-sealed.js';
import { OutboxRelay } from './outbox-relay.js';
import { ScheduleRunner } from './schedule-runner.js';
import { waitForCatalog } from './wait-for-catalog.js';

export type WorkerParts = Awaited<ReturnType<typeof compose>>;

/** Jobs and schedules that run at once each need one connection, a reconciliation for a moment two. */
const poolMax = 8;

/**
 * The worker's one composition root: builds every adapter and hands it to the use cases. Waits some seconds for a
 * database that is away, then throws.
 */
export async function compose(config: Config, logger: Logger) {
  const { databaseUrl, redisUrl } = config;
  if (databaseUrl === undefined) throw new Error('DATABASE_URL is not set: start Tollbook with `npm start`.');
  const failures = new FailureLog(logger);
  const pool = createPool(databaseUrl, {
    role: 'tollbook_worker',
    max: poolMax,
    applicationName: 'tollbook worker',
    // The step that needed the database tells that it is away.
    onError: (error) => logger.debug({ err: error }, 'a database connection broke'),
  });
  const catalog = await waitForCatalog(pool, failures);
  const masterKey = config.masterKey
    ? parseMasterKey(config.masterKey)
    : loadOrCreateMasterKey(join(config.dataDir, 'master.key'));
  const vault = new Vault(masterKey);
  const setup = createSetupStore({ pool, catalog });
  const sealer = createSealer(vault);
  const gasSigners = new GasSigners({ setup, vault, sealer });
  const usage = new RpcUsageTally();
  const nodes = new Nodes(config, catalog, (network, address) => gasSigners.signerOf(network, address), usage);
  const gasWatch = new GasWatch(nodes, config.gas, logger);
  const store = createChainStore({ pool, catalog });
  const deps: WorkerDeps = {
    store,
    sweep: createSweepStore({ pool, catalog }),
    crypto: cryptoPort,
    catalog,
    formatAddress: (_network, address) => checksumAddress(address),
    failpoint: failpointOf(config.failpoint),
    readerOf: (network) => nodes.nodeOf(network)?.reader,
    settlementOf: (network) => nodes.nodeOf(network)?.settlement,
    holder: randomUUID(),
  };
  const { holder } = deps;
  const outbound = createOutboundClient({
    allowCidrs: [...config.outboundAllowCidrs, ...(config.isSandboxOn ? ['127.0.0.0/8', '::1/128'] : [])],
    userAgent: 'Tollbook/0.1',
  });
  const clock = { nowMs: Date.now };
  const deliveries = createDeliveryStore(pool, createTellDisabled({ clock, crypto: cryptoPort }));
  const pump = new DeliveryPump({
    deliveries,
    sender: createWebhookSender({ http: outbound, clock }),
    openSecret: (sealed, aad) => openSealed({ setup, vault, sealer }, sealed, aad),
    chance: Math.random,
    failpoint: deps.failpoint,
    failures,
  });
  const queues = createQueues({
    backend: redisUrl
      ? { kind: 'redis', url: redisUrl }
      : { kind: 'postgres', url: databaseUrl, role: 'tollbook_worker' },
    log: logger,
  });
  return {
    logger,
    failures,
    pool,
    nodes,
    gasWatch,
    vault,
    sealer,
    deps,
    setup,
    books: createBooksStore({ pool, catalog }),
    queues,
    queueBackend: redisUrl ? ('redis' as const) : ('postgres' as const),
    reports: createWorkerReportStore(pool),
    usage,
    usageStore: createRpcUsageStore({ pool, catalog }),
    steps: new ChainSteps({
      ...deps,
      secondReaderOf: (network) => {
        const node = nodes.nodeOf(network);
        return node && { reader: node.secondReader, isOtherNode: node.pool.hasOther() };
      },
    }),
    relay: new OutboxRelay(deps),
    deliveries,
    pump,
    runner: new ScheduleRunner({ store, runs: createScheduleRunStore(pool), holder, failures, logger }),
    close: async () => {
      await outbound.close();
      await pool.end();
    },
  };
}
