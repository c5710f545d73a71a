import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from '@tollbook/config';
import {
  createGateConfigStore,
  createHealthStore,
  createPaymentQueries,
  createPool,
  createSetupStore,
  loadCatalog,
  migrate,
} from '@tollbook/db';
import { createTestDatabase, startPostgres } from '@tollbook/postgres-local';
import { migrateQueue } from '@tollbook/queue';
import { startTestChain, type TestChain } from '@tollbook/sandbox';
import { createLogger } from '@tollbook/telemetry';
import { proveBooks, readHealth, verifyLedger } from '@tollbook/usecases';
import { cryptoPort, parseMasterKey, Vault } from '@tollbook/vault';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { writeSandboxFile } from '../test/sandbox-file.js';
import { compose, type WorkerParts } from './composition.js';
import { noProofs, proveAllBooks } from './prove-all-books.js';
import { Schedules } from './schedules.js';
import { workerModuleOf } from './worker.module.js';

const runServer = { url: inject('postgresUrl'), adminUrl: inject('postgresAdminUrl') };
const network = 'eip155:84532';
const wait = { timeout: 15_000, interval: 50 };

/** What ran during a test is ended in reverse order, whatever became of the test. */
const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A database with one merchant that watches the wallet of the chain's first account, and its worker's parts. */
async function setUp(server = runServer, template = inject('migratedDatabase')) {
  const chain = await startTestChain();
  endings.push(() => chain.stop());
  const database = await createTestDatabase(server, template);
  endings.push(() => database.drop());
  await migrate(database.url);
  await migrateQueue(database.url);
  const dataDir = await mkdtemp(join(tmpdir(), 'tollbook-worker-'));
  endings.push(() => rm(dataDir, { recursive: true, force: true }));
  await writeSandboxFile(dataDir, chain);
  const masterKey = randomBytes(32).toString('hex');
  const config = loadConfig({
    DATABASE_URL: database.url,
    TOLLBOOK_DATA_DIR: dataDir,
    TOLLBOOK_MASTER_KEY: masterKey,
    TOLLBOOK_LOG_LEVEL: 'debug',
  });
  const pool = createPool(database.url, { role: 'tollbook_app', max: 4, applicationName: 'worker test' });
  endings.push(() => pool.end());
  const catalog = await loadCatalog(pool);
  const setup = createSetupStore({ pool, catalog });
  await setup.ensureDataKey(null, new Vault(parseMasterKey(masterKey)).createWrappedKey());
  const merchantId = await setup.ensureMerchant({ slug: 'demo', name: 'Demo merchant' });
  const book = await setup.ensureBook({ merchantId, mode: 'test', gateSlug: 'demo', timeZone: 'UTC' });
  const address = chain.account(0).address.toLowerCase();
  const asset = catalog.assets.find((each) => each.network === network);
  await setup.ensureWallet({
    bookId: book.bookId,
    network,
    address,
    label: 'Shop',
    assetId: asset?.assetId ?? 0,
    watchFromBlock: 0n,
  });
  const gateConfig = createGateConfigStore({ pool, catalog });
  const health = () =>
    readHealth({ store: createHealthStore({ pool, catalog }), catalog }, { bookId: book.bookId, mode: 'test' });
  return { chain, config, book, gateConfig, health, queries: createPaymentQueries({ pool, catalog }) };
}

/** Starts the worker in this process; its log lines are parsed. */
async function startWorker(config: Parameters<typeof compose>[0]) {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const parts = await compose(config, createLogger({ name: 'worker', level: config.logLevel, destination }));
  const app = await NestFactory.createApplicationContext(workerModuleOf(parts), { logger: false, abortOnError: false });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= app.close();
    return closing;
  };
  endings.push(close);
  return { parts, lines, close, schedules: app.get(Schedules) };
}

/** Signs and sends a transfer of tokens from one of the chain's accounts. */
async function transfer(chain: TestChain, from: number, to: string, amountAtomic: bigint): Promise<void> {
  const account = chain.account(from);
  const word = (text: string) => text.replace('0x', '').padStart(64, '0');
  const nonce = Number(await chain.rpc('eth_getTransactionCount', [account.address, 'pending']));
  const rawTx = await account.signTransaction({
    type: 'eip1559',
    chainId: chain.chainId,
    nonce,
    to: chain.usdc,
    data: `0xa9059cbb${word(to)}${word(amountAtomic.toString(16))}`,
    gas: 200_000n,
    maxFeePerGas: 10_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    value: 0n,
  });
  await chain.rpc('eth_sendRawTransaction', [rawTx]);
}

function proofNow(parts: WorkerParts) {
  const { books, deps } = parts;
  return proveBooks(
    { books, store: deps.store, readerOf: deps.readerOf },
    { bookId: null, network, blockNumber: null },
  );
}

describe('the worker', () => {
  it('books a plain transfer as unmatched, and its books equal the chain', async () => {
    const { chain, config, book, queries } = await setUp();
    const { parts, schedules, lines } = await startWorker(config);
    await chain.mint(chain.account(1).address, 5_000_000n);
    await transfer(chain, 1, chain.account(0).address, 1_230_000n);
    await chain.mine(2);
    const openRecords = () => queries.listDiscrepancies(book.bookId, { isOpen: true, kind: 'unmatched' }, null, 10);
    await expect.poll(openRecords, wait).toMatchObject([{ amountAtomic: 1_230_000n }]);
    await chain.mine(10);
    const closing = async () => {
      const proof = await proofNow(parts);
      return proof.kind === 'proved'
        ? proof.rows.map((row) => [row.inAtomic, row.onChainAtomic, row.differenceAtomic])
        : [];
    };
    await expect.poll(closing, wait).toEqual([[1_230_000n, 1_230_000n, 0n]]);
    await schedules.proveBooks();
    const verdict = await verifyLedger(parts.books, cryptoPort, book.bookId);
    expect(verdict.kind === 'intact' && verdict.entries > 0n).toBe(true);
    expect(await parts.books.contradictions(10)).toEqual([]);
    expect(lines.filter((line) => line.level === 'error' || line.level === 'warn')).toEqual([]);
  });

  it('draws a key to seal offers with, once, to be used when every gate has read it', async () => {
    const { config, gateConfig } = await setUp();
    const { schedules } = await startWorker(config);
    await expect.poll(() => gateConfig.sealKeys(), wait).toHaveLength(1);
    const [key] = await gateConfig.sealKeys();
    const nowSeconds = Date.now() / 1_000;
    expect(key?.sealFromUnixSeconds).toBeGreaterThan(nowSeconds + 60);
    expect(key?.sealUntilUnixSeconds).toBeGreaterThan(nowSeconds + 30 * 86_400);
    await schedules.partitions();
  });

  it('tells of a difference between books and chain with an error, and keeps the proof', async () => {
    const { chain, config, book } = await setUp();
    const { parts, lines } = await startWorker(config);
    await chain.mint(chain.account(0).address, 2_000_000n);
    await chain.mine(12);
    const isBooked = async () => {
      const proof = await proofNow(parts);
      return proof.kind === 'proved' && proof.rows[0]?.closingAtomic;
    };
    await expect.poll(isBooked, wait).toBe(2_000_000n);
    let readings = 0;
    const readerOf = (name: string) => {
      const reader = parts.deps.readerOf(name);
      if (!reader) throw new Error('no node');
      const transfers: typeof reader.transfers = async (query) => {
        readings += 1;
        return reader.transfers(query);
      };
      return { ...reader, transfers, balanceAt: async () => 2_000_007n };
    };
    const lying = { ...parts, deps: { ...parts.deps, readerOf } };
    const last = noProofs();
    expect(await proveAllBooks(lying, last)).toEqual({ wallets: 1, differences: 1, failed: 0 });
    expect(await proveAllBooks(lying, last)).toEqual({ wallets: 0, differences: 1, failed: 0 });
    const errors = lines.filter((line) => line.msg === 'books proof differs');
    expect(errors).toHaveLength(2);
    expect(errors[0]).toMatchObject({ level: 'error', book_id: book.bookId, network, difference: '7' });
    // What is behind it is looked for once, however long it lasts.
    expect(readings).toBe(1);
    expect(await proveAllBooks(parts, last)).toEqual({ wallets: 1, differences: 0, failed: 0 });
  });

  it('finds by itself what somebody changed past the product, and names it', async () => {
    const { chain, config, book, health } = await setUp();
    const { parts, schedules, lines } = await startWorker(config);
    await chain.mint(chain.account(0).address, 2_000_000n);
    await chain.mine(12);
    const entries = async () => {
      const verdict = await verifyLedger(parts.books, cryptoPort, book.bookId);
      return verdict.kind === 'intact' ? verdict.entries : null;
    };
    await expect.poll(entries, wait).toBe(1n);
    await schedules.checkLedgers();
    await schedules.checkSums();
    const told = () =>
      lines.filter((line) => line.level === 'error').map(({ msg, row, bucket }) => [msg, row ?? bucket]);
    expect(told()).toEqual([]);
    // The two that no trigger guards, since the worker itself writes them all day.
    await parts.pool.query(`update ledger_heads set chain_hash = decode(repeat('ee', 32), 'hex')`);
    await parts.pool.query('update rollup_days set count = count + 1');
    await schedules.checkLedgers();
    await schedules.checkSums();
    expect(told()).toContainEqual(['the ledger is broken', `ledger_heads ${book.bookId}`]);
    expect(told()).toContainEqual(['a sum differs from its rows', expect.stringMatching(/unmatched$/)]);
    const isTold = async () => (await health()).books.reason;
    await expect.poll(isTold, wait).toBe('ledger_broken');
  });

  it('tells what it sees of its node, its queues and its schedules, and that it ended', async () => {
    const { chain, config, health } = await setUp();
    const { close, schedules } = await startWorker(config);
    await chain.mine(12);
    const booksOf = async () => {
      await schedules.proveBooks();
      return (await health()).books;
    };
    await expect.poll(booksOf, wait).toMatchObject({ reason: null, data: [{ proof: { differenceAtomic: 0n } }] });
    const headNumber = BigInt(String(await chain.rpc('eth_blockNumber', [])));
    const isLevel = async () => (await health()).networks[0]?.chainHeadNumber === headNumber;
    await expect.poll(isLevel, wait).toBe(true);
    const view = await health();
    expect(view.state).toBe('ok');
    expect(view.networks).toMatchObject([
      { network, heights: { headNumber }, lag: { blocks: 0 }, nodes: [{ name: 'sandbox', errors: 0 }] },
    ]);
    expect(view.networks[0]?.nodes[0]?.requests).toBeGreaterThan(0);
    expect(view.queues).toMatchObject({ backend: 'postgres', data: [{ name: 'chain' }, { name: 'outbox' }] });
    expect(view.schedules.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['books-proof', 'catch-up', 'partitions', 'seal-keys']),
    );
    await close();
    expect(await health()).toMatchObject({ state: 'failing', processes: { reason: 'no_worker', data: [] } });
  });

  it('lets one of two workers lead, and the other follow when it ends', async () => {
    const { chain, config, book, queries } = await setUp();
    const one = await startWorker(config);
    const two = await startWorker(config);
    const amounts = async () => {
      const records = await queries.listDiscrepancies(book.bookId, { isOpen: true, kind: 'unmatched' }, null, 10);
      return records.map((record) => record.amountAtomic).sort();
    };
    await chain.mint(chain.account(0).address, 1_000_001n);
    await chain.mine(3);
    await expect.poll(amounts, wait).toEqual([1_000_001n]);
    await one.close();
    await chain.mint(chain.account(0).address, 1_000_002n);
    await chain.mine(3);
    await expect.poll(amounts, wait).toEqual([1_000_001n, 1_000_002n]);
    const told = [...one.lines, ...two.lines].filter((line) => line.level === 'error' || line.level === 'warn');
    expect(told).toEqual([]);
  });

  it('finds the chain that starts after it', async () => {
    const { chain, config, book, queries } = await setUp();
    await writeSandboxFile(config.dataDir, { ...chain, rpcUrl: 'http://127.0.0.1:9' });
    const { lines } = await startWorker(config);
    await expect.poll(() => lines.filter((line) => line.level === 'warn').length, wait).toBeGreaterThan(0);
    await writeSandboxFile(config.dataDir, chain);
    await chain.mint(chain.account(0).address, 3_000_000n);
    await chain.mine(3);
    const openRecords = () => queries.listDiscrepancies(book.bookId, { isOpen: true, kind: 'unmatched' }, null, 10);
    await expect.poll(openRecords, wait).toHaveLength(1);
    expect(lines.filter((line) => line.level === 'error')).toEqual([]);
  });

  it('goes on by itself when the database was away', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tollbook-worker-db-'));
    endings.push(() => rm(folder, { recursive: true, force: true }));
    // As root the server runs under another account, which has to pass through this folder.
    await chmod(folder, 0o755);
    let own = await startPostgres({ dataDir: folder, isDurable: false });
    endings.push(() => own.stop());
    const { chain, config, book, queries } = await setUp(own, 'template1');
    const { lines } = await startWorker(config);
    await own.stop();
    await chain.mint(chain.account(0).address, 4_000_000n);
    await chain.mine(3);
    await expect.poll(() => lines.some((line) => line.level === 'warn'), wait).toBe(true);
    own = await startPostgres({ dataDir: folder, isDurable: false });
    const openRecords = () =>
      queries.listDiscrepancies(book.bookId, { isOpen: true, kind: 'unmatched' }, null, 10).catch(() => []);
    await expect.poll(openRecords, wait).toHaveLength(1);
    expect(lines.filter((line) => line.level === 'error')).toEqual([]);
  });
});
