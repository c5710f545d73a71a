import type { TestDatabase } from '@tollbook/postgres-local';
import type { BookRecord, Catalog, SetupStore } from '@tollbook/usecases';
import pg from 'pg';
import { createPool } from '../src/connect.js';
import { loadCatalog } from '../src/stores/catalog.js';
import { createSetupStore } from '../src/stores/setup-store.js';
import { createMigratedDatabase } from './migrated-database.js';

/** A migrated database with what the stores under test are given, and the owner's connection to look behind them. */
export type StoreTest = {
  readonly url: string;
  readonly app: pg.Pool;
  readonly worker: pg.Pool;
  readonly owner: pg.Client;
  readonly catalog: Catalog;
  readonly setup: SetupStore;
  close(): Promise<void>;
};

export async function startStoreTest(): Promise<StoreTest> {
  const database: TestDatabase = await createMigratedDatabase();
  const { url } = database;
  const app = createPool(url, { role: 'tollbook_app', max: 4, applicationName: 'store-test' });
  const worker = createPool(url, { role: 'tollbook_worker', max: 2, applicationName: 'store-test' });
  // Reads values as the pools do.
  const { types } = app.options;
  const owner = new pg.Client({ connectionString: url, ...(types ? { types } : {}) });
  await owner.connect();
  const catalog = await loadCatalog(app);
  const setup = createSetupStore({ pool: app, catalog });
  const close = async () => {
    await Promise.all([app.end(), worker.end(), owner.end()]);
    await database.drop();
  };
  return { url, app, worker, owner, catalog, setup, close };
}

export const testNetwork = 'eip155:84532';
export const testToken = '0x036CbD53842c5426634e7929541eC2318f3dCF7e';

/** A merchant's test book with one wallet and one endpoint, not priced yet. */
export type TestBook = {
  readonly book: BookRecord;
  readonly bookId: number;
  readonly walletId: string;
  readonly walletAddress: string;
  readonly endpointId: string;
};

/** `place` tells apart the addresses of several books. */
export async function setUpBook(setup: SetupStore, slug: string, place: number): Promise<TestBook> {
  const merchantId = await setup.ensureMerchant({ slug, name: slug });
  const { bookId } = await setup.ensureBook({ merchantId, mode: 'test', gateSlug: slug, timeZone: 'UTC' });
  const walletAddress = addressOf(place);
  const walletId = await setup.ensureWallet(walletSetup(bookId, place));
  const { endpointId } = await setup.ensureEndpoint(endpointSetup(bookId));
  const book = await setup.bookOf(slug, 'test');
  if (book === null) throw new Error('the book that was set up is not there');
  return { book, bookId, walletId, walletAddress, endpointId };
}

export function addressOf(place: number): string {
  return `0x${place.toString(16).padStart(2, '0').repeat(20)}`;
}

export function walletSetup(bookId: number, place: number): Parameters<SetupStore['ensureWallet']>[0] {
  const address = addressOf(place);
  return { bookId, network: testNetwork, address, label: 'Till', assetId: 1, watchFromBlock: 7n };
}

export function endpointSetup(bookId: number): Parameters<SetupStore['ensureEndpoint']>[0] {
  const upstreamUrl = 'http://127.0.0.1:9/weather';
  return { bookId, method: 'GET', path: '/weather', upstreamUrl, timeoutMs: 30_000, settleMode: 'after' };
}

/** A price for the book's endpoint in its wallet's token. */
export function priceSetup(book: TestBook, amountAtomic = 10_000n): Parameters<SetupStore['addPriceVersion']>[0] {
  const { bookId, endpointId, walletId, walletAddress } = book;
  const payToText = walletAddress;
  return {
    bookId,
    endpointId,
    author: 'owner',
    reason: 'A test',
    terms: {
      settleMode: 'after',
      offerTtlSeconds: 300,
      maxTimeoutSeconds: 300,
      pricedQuery: ['city'],
      pricesBody: false,
      networks: [{ network: testNetwork, assetId: 1, walletId, assetText: testToken, payToText, amountAtomic }],
    },
  };
}
