import {
  createBooksStore,
  createChainStore,
  createConfigurationStore,
  createDeliveryStore,
  createGateConfigStore,
  createHandStore,
  createOfferCountStore,
  createPaymentQueries,
  createPaymentStore,
  createPool,
  createRefundStore,
  createReportQueries,
  createSetupStore,
  createShownTransferStore,
  createStoredIntentStore,
  createSweepStore,
  createToleranceStore,
  loadCatalog,
} from '@tollbook/db';
import type { SettleMode } from '@tollbook/domain';
import { createTestDatabase } from '@tollbook/postgres-local';
import { testCrypto } from '@tollbook/testing';
import { createTellCase, createTellDisabled } from '@tollbook/usecases';
import pg from 'pg';
import { inject } from 'vitest';
import { setUpShop } from './world-shop.js';

const clock = { nowMs: Date.now };
const tellDisabled = createTellDisabled({ clock, crypto: testCrypto('disabled') });

export type WorldDatabase = Awaited<ReturnType<typeof createWorldDatabase>>;

/** A migrated database with every store over it, for one world after another. */
export async function createWorldDatabase() {
  const server = { url: inject('postgresUrl'), adminUrl: inject('postgresAdminUrl') };
  const database = await createTestDatabase(server, inject('migratedDatabase'));
  const app = createPool(database.url, { role: 'tollbook_app', max: 8, applicationName: 'world gate' });
  const worker = createPool(database.url, { role: 'tollbook_worker', max: 4, applicationName: 'world worker' });
  // A machine that is busy with other tests is no outage.
  for (const pool of [app, worker]) pool.options.connectionTimeoutMillis = 10_000;
  const admin = await connectUnguarded(server.adminUrl, database.url);
  const catalog = await loadCatalog(app);
  const setup = createSetupStore({ pool: app, catalog });
  // One statement after the other, whoever asks.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  };
  /** Rows as they stand, of every book, read and written past every guard. */
  const rows = <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
    inTurn(async () => (await admin.query<Row>(text, values)).rows);
  return {
    catalog,
    setup,
    rows,
    payments: createPaymentStore({ pool: app, catalog }),
    config: createGateConfigStore({ pool: app, catalog }),
    intents: createStoredIntentStore({ pool: app, catalog }),
    shown: createShownTransferStore({ pool: app, catalog }),
    queries: createPaymentQueries({ pool: app, catalog }),
    configuration: createConfigurationStore({ pool: app, catalog }),
    deliveries: createDeliveryStore(worker, tellDisabled),
    chain: createChainStore({ pool: worker, catalog }),
    sweep: createSweepStore({ pool: worker, catalog }),
    hand: createHandStore(app, createTellCase({ clock, crypto: testCrypto('case'), catalog })),
    refunds: createRefundStore({ pool: app, catalog }),
    tolerances: createToleranceStore(app),
    offerCounts: createOfferCountStore(app),
    reports: createReportQueries({ pool: app, catalog }),
    books: createBooksStore({ pool: worker, catalog }),
    /** Nothing in it but a shop, whose price has stood for a day. */
    reset: async (settleMode: SettleMode) => {
      const tables = await rows<{ name: string }>(everyTable);
      await rows(tables.map(({ name }) => `delete from ${name}`).join('; '));
      await setUpShop(setup, settleMode);
      await rows(`update terms_versions set in_force_from = in_force_from - interval '1 day'`);
    },
    drop: async () => {
      await Promise.all([app.end(), worker.end(), admin.end()]);
      await database.drop();
    },
  };
}

const everyTable = `select format('%I', c.relname) as name from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname not in ('networks', 'assets')`;

/** A superuser for whom no trigger fires and no key is checked. */
async function connectUnguarded(adminUrl: string, databaseUrl: string): Promise<pg.Client> {
  const url = new URL(adminUrl);
  url.pathname = new URL(databaseUrl).pathname;
  const client = new pg.Client({ connectionString: url.href });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('set session_replication_role = replica');
  return client;
}
