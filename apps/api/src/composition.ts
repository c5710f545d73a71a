import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createAccounts } from '@tollbook/accounts';
import type { Config } from '@tollbook/config';
import {
  createAllowedPayerStore,
  createAuditQueries,
  createBooksStore,
  createChainStore,
  createConfigurationStore,
  createDeliveryQueries,
  createFacilitatorStore,
  createFeedStore,
  createGateConfigStore,
  createHandStore,
  createHealthStore,
  createIdempotencyStore,
  createKeyUseStore,
  createMemberStore,
  createOfferCountStore,
  createPaymentQueries,
  createPaymentStore,
  createPool,
  createRateLimitStore,
  createRefundStore,
  createReportQueries,
  createRpcUsageStore,
  createSetupStore,
  createShownTransferStore,
  createSignInTriesStore,
  createStoredIntentStore,
  createToleranceStore,
  listenForConfig,
  loadCatalog,
} from '@tollbook/db';
import { checksumAddress } from '@tollbook/evm';
import { FacilitatorPool } from '@tollbook/facilitator';
import { createOutboundClient, createUrlVetter } from '@tollbook/outbound';
import { readSandboxState } from '@tollbook/sandbox';
import { createLogger, createMetrics } from '@tollbook/telemetry';
import {
  createTellCase,
  ExposureGauge,
  InFlight,
  type PurchaseDeps,
  RateTally,
  type SellingDeps,
  SettleSlots,
  type SignInDeps,
  TransferWaits,
} from '@tollbook/usecases';
import {
  createSealer,
  cryptoPort,
  deriveKey,
  keyLabels,
  loadOrCreateMasterKey,
  parseMasterKey,
  Vault,
} from '@tollbook/vault';
import { KeyUses } from './accounts/key-uses.js';
import { createClientAddressOf } from './client-address/client-address.js';
import { fitsHeader } from './endpoints/fits-header.js';
import { openFacilitatorCredentials } from './facilitators/facilitator-credentials.js';
import { failpointOf } from './failpoint.js';
import { GateSnapshot } from './gate/gate-snapshot.js';
import { UnpaidLimit } from './gate/limit-unpaid.js';
import { OfferCounts } from './gate/offer-counts.js';
import { AnswerWriter } from './gate/write-answer.js';
import { HealthGauges } from './health/health-gauges.js';
import { LastRequests } from './last-requests.js';
import { LiveHub } from './live/live-hub.js';
import { createLiveSource } from './live/live-source.js';
import { Chains } from './open-chains.js';
import { openLimiters } from './rate-limits/open-limiters.js';
import { RateCountWriter } from './rate-limits/rate-count-writer.js';
import { ScenarioFacilitators } from './sandbox/scenario-facilitators.js';
import { waitForDatabase } from './wait-for-database.js';

export type ApiParts = Awaited<ReturnType<typeof compose>>;

/** Connections of the gate; with the worker's and the queues' they stay below PostgreSQL's default of 100. */
const poolMax = 12;
/** For what may be lost: counts, never money. */
const softPoolMax = 2;
/** For reports: few at a time, so that they never take the connections that buyers wait for. */
const reportPoolMax = 3;
/** Sums over a large book take longer than anything on the paid path. */
/** How long a payment beyond an exposure cap waits for its block. */
const sightWaitMs = 25_000;
const reportTimeoutMs = 10_000;
/** A buyer is answered within a second also by a database that is frozen; statements on the paid path take milliseconds. */
const statementTimeoutMs = 800;

/** The api's one composition root: builds every adapter and hands it to the use cases. */
export async function compose(config: Config) {
  const logger = createLogger({ name: 'api', level: config.logLevel });
  const metrics = createMetrics();
  const { databaseUrl } = config;
  if (databaseUrl === undefined) throw new Error('DATABASE_URL is not set: start Tollbook with `npm start`.');
  const pool = createPool(databaseUrl, {
    role: 'tollbook_app',
    max: poolMax,
    applicationName: 'tollbook api',
    statementTimeoutMs,
  });
  const softPool = createPool(databaseUrl, {
    role: 'tollbook_app',
    max: softPoolMax,
    applicationName: 'tollbook api, soft',
    statementTimeoutMs,
    isSoftCommit: true,
  });
  const reportPool = createPool(databaseUrl, {
    role: 'tollbook_app',
    max: reportPoolMax,
    applicationName: 'tollbook api, reports',
    statementTimeoutMs: reportTimeoutMs,
  });
  const masterKey = config.masterKey
    ? parseMasterKey(config.masterKey)
    : loadOrCreateMasterKey(join(config.dataDir, 'master.key'));
  const vault = new Vault(masterKey);
  const sealer = createSealer(vault);
  const sandbox = config.isSandboxOn ? readSandboxState(config.dataDir) : null;
  const bootId = randomUUID();
  const report = (error: unknown) => logger.error({ err: error }, 'request failed');

  const catalog = await waitForDatabase(() => loadCatalog(pool));
  const setup = createSetupStore({ pool, catalog });
  const learnDataKeys = async () => {
    for (const key of await setup.dataKeys()) vault.addDataKey(key);
  };
  await waitForDatabase(learnDataKeys);
  const usage = createRpcUsageStore({ pool, catalog });
  const chains = await waitForDatabase(() => Chains.open({ config, catalog, sandbox, setup, sealer, usage, report }));
  const gateConfig = createGateConfigStore({ pool, catalog });
  const { publicUrl } = config;
  const snapshot = new GateSnapshot({
    store: gateConfig,
    sealer,
    crypto: cryptoPort,
    bootId,
    publicUrl,
    learnDataKeys,
    report,
  });
  const queries = createDeliveryQueries(pool);
  const live = new LiveHub(createLiveSource({ feed: createFeedStore(pool), queries, snapshot }), report);
  const notices = await listenForConfig(
    databaseUrl,
    ({ bookId, configVersion }) => {
      void snapshot.poll();
      live.signal(bookId, 'config', { configVersion: `${configVersion}` });
    },
    { onFeed: ({ bookId }) => live.grow(bookId) },
  );
  const allowCidrs = [...config.outboundAllowCidrs, ...(sandbox ? ['127.0.0.0/8', '::1/128'] : [])];
  const outbound = createOutboundClient({ allowCidrs, userAgent: 'Tollbook/0.1' });
  const facilitators = new FacilitatorPool({
    facilitatorsOf: (bookId) => snapshot.gateBook(bookId)?.facilitators,
    bookIds: () => snapshot.books().map(({ book }) => book.bookId),
    openCredentials: (facilitator) => openFacilitatorCredentials(sealer, facilitator),
    http: outbound,
    nowMs: () => snapshot.nowMs(),
    publicUrl,
    report,
  });
  facilitators.start();
  const scenarioFacilitators = new ScenarioFacilitators(facilitators);
  const offerCounts = new OfferCounts(createOfferCountStore(softPool), report);
  offerCounts.start();
  const formatAddress = (_network: string, address: string) => checksumAddress(address);
  const store = createPaymentStore({ pool, catalog });
  const limiters = openLimiters({ databaseUrl, redisUrl: config.redisUrl, logger, metrics });
  const rateTally = new RateTally();
  const selling: SellingDeps = {
    configuration: createConfigurationStore({ pool, catalog }),
    catalog,
    formatAddress,
    standingOf: (network) => chains.standingOf(network),
    vetUrl: createUrlVetter({ allowCidrs }),
    fitsHeader: (offer) => fitsHeader(publicUrl, offer),
  };
  const rateLimitStore = createRateLimitStore({ pool, softPool });
  const rateCounts = new RateCountWriter(rateTally, rateLimitStore, report);
  rateCounts.start();
  const purchase: PurchaseDeps = {
    store,
    sealer,
    crypto: cryptoPort,
    clock: snapshot,
    failpoint: failpointOf(config.failpoint),
    reportFailure: report,
    catalog,
    formatAddress,
    chainOf: (network) => chains.paymentOf(network),
    facilitators: scenarioFacilitators,
    sealKeyOf: (keyId) => snapshot.sealKeyOf(keyId),
    currentSealKey: () => snapshot.currentSealKey(),
    termsOf: (number) => gateConfig.terms(number),
    bootId,
    inFlight: new InFlight(),
    settleSlots: new SettleSlots(),
    exposure: new ExposureGauge(store, catalog, config.exposureCaps),
    sightWaitMs,
    payerLimiter: limiters.payer,
    rateTally,
    shown: {
      store: createShownTransferStore({ pool, catalog }),
      waits: new TransferWaits(),
      waitMs: config.transferWaitSeconds * 1_000,
      host: new URL(publicUrl).host,
    },
  };
  const health = createHealthStore({ pool, catalog });
  const accounts = createAccounts({ pool, secret: deriveKey(masterKey, keyLabels.sessions), publicUrl, report });
  const signIn: SignInDeps = {
    accounts,
    tries: createSignInTriesStore(pool),
    clock: snapshot,
    crypto: cryptoPort,
    subjectKey: deriveKey(masterKey, keyLabels.signInSubjects),
  };
  const clientNetKey = deriveKey(masterKey, keyLabels.clientNet);
  const clientAddressOf = createClientAddressOf(config.trustedProxyCidrs);
  const unpaidLimit = new UnpaidLimit({
    limiter: limiters.unpaid,
    tally: rateTally,
    clientNetKey,
    clientAddressOf,
    nowMs: () => snapshot.nowMs(),
  });
  return {
    config,
    logger,
    metrics,
    pool,
    accounts,
    members: createMemberStore(pool),
    signIn,
    catalog,
    setup,
    snapshot,
    live,
    allowCidrs,
    outbound,
    purchase,
    offerCounts,
    store,
    sealer,
    selling,
    configuration: selling.configuration,
    facilitators,
    scenarioFacilitators,
    facilitatorStore: createFacilitatorStore(pool),
    idempotency: createIdempotencyStore(pool),
    audit: createAuditQueries(pool),
    intents: createStoredIntentStore({ pool, catalog }),
    keyUses: new KeyUses(createKeyUseStore(softPool), report),
    sandbox,
    formatAddress,
    writer: new AnswerWriter(publicUrl),
    clientNetKey,
    clientAddressOf,
    unpaidLimit,
    rateLimitStore,
    allowedPayers: createAllowedPayerStore(pool),
    rateCounts,
    payerLimiter: limiters.payer,
    apiKeyPepper: deriveKey(masterKey, keyLabels.apiKeys),
    queries: createPaymentQueries({ pool, catalog }),
    hand: createHandStore(pool, createTellCase({ clock: snapshot, crypto: cryptoPort, catalog })),
    refunds: createRefundStore({ pool, catalog }),
    tolerances: createToleranceStore(pool),
    reports: createReportQueries({ pool: reportPool, catalog }),
    books: createBooksStore({ pool, catalog }),
    chainStore: createChainStore({ pool, catalog }),
    readerOf: (network: string) => chains.readerOf(network),
    chains,
    health,
    gauges: new HealthGauges({ metrics, health, catalog }),
    report,
    lastRequests: new LastRequests(),
    close: async () => {
      await snapshot.stop();
      await chains.stop();
      facilitators.stop();
      await notices.close();
      await outbound.close();
      await offerCounts.stop();
      await rateCounts.stop();
      await softPool.end();
      await reportPool.end();
      await limiters.close();
      await pool.end();
    },
  };
}
