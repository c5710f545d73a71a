import { randomUUID } from 'node:crypto';
import type { HealthStore, WorkerReport, WorkerReportStore } from '@tollbook/usecases';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type StoreTest,
  setUpBook,
  startStoreTest,
  type TestBook,
  testNetwork,
  testToken,
  walletSetup,
} from '../../test/store-test.js';
import { createBooksStore } from './books-store.js';
import { createHealthStore } from './health-store.js';
import { createWorkerReportStore } from './worker-reports.js';

let test: StoreTest;
let store: HealthStore;
let reports: WorkerReportStore;
let book: TestBook;
let other: TestBook;

const startedAtMs = Date.now() - 60_000;
const report: WorkerReport = {
  startedAtMs,
  queueBackend: 'redis',
  queues: [{ name: 'chain', waiting: 1, active: 2, delayed: 3, failed: 4 }],
  nodes: [
    {
      network: testNetwork,
      name: 'node 1',
      headNumber: 2n ** 53n + 1n,
      answeredAtMs: startedAtMs + 1,
      headMovedAtMs: null,
      isTold: true,
      windowSeconds: 900,
      requests: 10,
      errors: 1,
      lastErrorAtMs: startedAtMs + 2,
      lastError: 'HTTP 429',
      refusal: null,
    },
  ],
  gas: [
    {
      network: testNetwork,
      address: `0x${'1'.repeat(40)}`,
      balanceWei: 2n ** 70n,
      balanceMinWei: 1n,
      readAtMs: startedAtMs + 4,
    },
  ],
  schedules: [
    {
      name: 'sweep',
      everyMs: 5_000,
      last: { startedAtMs, finishedAtMs: startedAtMs + 3, outcome: 'failed', counts: { resent: 1 } },
    },
    { name: 'expire', everyMs: 10_000, last: null },
  ],
};

beforeAll(async () => {
  test = await startStoreTest();
  store = createHealthStore({ pool: test.app, catalog: test.catalog });
  reports = createWorkerReportStore(test.worker);
  book = await setUpBook(test.setup, 'healthy', 0x71);
  other = await setUpBook(test.setup, 'neighbour', 0x72);
});

beforeEach(async () => {
  await test.owner.query('delete from worker_processes');
});

afterAll(async () => {
  await test?.close();
});

it('knows nothing of an instance that has just been set up', async () => {
  const record = await store.read(null);
  expect(record).toEqual({
    nowMs: expect.any(Number),
    heights: [],
    checks: [],
    usage: [],
    reports: [],
    gates: [],
    proofs: [],
  });
});

it('gives back what a worker told, with its times moved to the clock of the database', async () => {
  await reports.save(randomUUID(), report, false);
  const [stored] = (await store.read(null)).reports;
  if (!stored) throw new Error('no report is there');
  const shiftMs = stored.startedAtMs - startedAtMs;
  // One machine has one clock: what lies between is the way to the database.
  expect(Math.abs(shiftMs)).toBeLessThan(10_000);
  expect(stored).toMatchObject({ hasEnded: false, queueBackend: 'redis', queues: report.queues });
  const [node] = report.nodes;
  expect(stored.nodes).toEqual([
    { ...node, answeredAtMs: startedAtMs + 1 + shiftMs, lastErrorAtMs: startedAtMs + 2 + shiftMs },
  ]);
  expect(stored.schedules).toEqual([
    {
      name: 'sweep',
      everyMs: 5_000,
      last: {
        startedAtMs: startedAtMs + shiftMs,
        finishedAtMs: startedAtMs + 3 + shiftMs,
        outcome: 'failed',
        counts: { resent: 1 },
      },
    },
    { name: 'expire', everyMs: 10_000, last: null },
  ]);
});

it('replaces the report of a process, remembers that it ended, and forgets it after a day', async () => {
  const bootId = randomUUID();
  await reports.save(bootId, report, false);
  await reports.save(bootId, { ...report, queues: null }, true);
  expect((await store.read(null)).reports).toMatchObject([{ hasEnded: true, queues: null }]);
  await test.owner.query(`update worker_processes set seen_at = now() - interval '25 hours'`);
  await reports.save(randomUUID(), report, false);
  expect((await store.read(null)).reports).toMatchObject([{ hasEnded: false }]);
});

it('leaves out what a worker of another release told in its own words', async () => {
  await reports.save(randomUUID(), report, false);
  const strange = [
    '{}',
    '[]',
    '{"takenAtMs": "now"}',
    JSON.stringify({ ...report, gas: [], nodes: [{}], takenAtMs: 1 }),
  ];
  for (const text of strange) {
    await test.owner.query('insert into worker_processes (boot_id, report) values ($1, $2)', [randomUUID(), text]);
  }
  expect((await store.read(null)).reports).toHaveLength(1);
});

it('reads heights with the time of the newest block, and the api processes that are alive', async () => {
  await test.owner.query(`insert into cursors (network_id, head_number, head_hash, confirmed_number, confirmed_hash)
    values (1, 1000, decode(repeat('aa', 32), 'hex'), 998, decode(repeat('bb', 32), 'hex'))`);
  await test.owner.query(`insert into gate_processes (boot_id, seen_at)
    values (gen_random_uuid(), now()), (gen_random_uuid(), now() - interval '11 seconds')`);
  const heights = { network: testNetwork, headNumber: 1_000n, confirmedNumber: 998n, finalNumber: -1n };
  const before = await store.read(null);
  expect(before.heights).toEqual([{ ...heights, headTimeMs: null, frozenReason: null }]);
  expect(before.gates).toHaveLength(1);
  await test.owner.query(`insert into block_headers (network_id, block_hash, number, parent_hash, time)
    values (1, decode(repeat('aa', 32), 'hex'), 1000, decode(repeat('99', 32), 'hex'), to_timestamp(1795000000))`);
  expect((await store.read(null)).heights).toMatchObject([{ headTimeMs: 1_795_000_000_000 }]);
});

it('shows the newest proof of each wallet of the book, and of no other book', async () => {
  const books = createBooksStore({ pool: test.worker, catalog: test.catalog });
  const idle = await test.setup.ensureWallet(walletSetup(book.bookId, 0x73));
  const row = (of: TestBook, blockNumber: bigint, onChainAtomic: bigint) => ({
    bookId: of.bookId,
    network: testNetwork,
    walletId: of.walletId,
    wallet: of.walletAddress,
    assetId: 1,
    contract: testToken.toLowerCase(),
    watchFromBlock: 7n,
    openingAtomic: 0n,
    inAtomic: 10n,
    outAtomic: 3n,
    closingAtomic: 7n,
    blockNumber,
    blockHash: `0x${'ab'.repeat(32)}`,
    onChainAtomic,
    differenceAtomic: onChainAtomic - 7n,
  });
  await books.saveProofs([row(book, 5n, 7n), row(other, 5n, 7n)]);
  await books.saveProofs([row(book, 6n, 9n)]);
  const { proofs } = await store.read(book.bookId);
  const provedAtMs = expect.any(Number);
  const sums = { openingAtomic: 0n, inAtomic: 10n, outAtomic: 3n, closingAtomic: 7n };
  const proof = { blockNumber: 6n, ...sums, onChainAtomic: 9n, differenceAtomic: 2n, provedAtMs };
  expect(proofs).toEqual([
    { network: testNetwork, wallet: book.walletAddress, assetId: 1, proof },
    { network: testNetwork, wallet: expect.any(String), assetId: 1, proof: null },
  ]);
  expect(idle).toBeTruthy();
  expect((await store.read(null)).proofs).toEqual([]);
});
