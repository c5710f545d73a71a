// The paid path against a loop that only checks and inserts: each in a process of its own, over one PostgreSQL that
// flushes every commit, with as many connections. The bar is the loop that takes one payment after another; beside it
// stands the same loop with as many in flight as the paid path. Rounds alternate, the ratio of each round is kept.
// Payments are signed before the clock runs.
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool, createSetupStore, loadCatalog, migrate } from '@tollbook/db';
import { startPostgres } from '@tollbook/postgres-local';
import { parseMasterKey, Vault } from '@tollbook/vault';
import { childrenOf, cpuSeconds } from './cpu-time.mjs';
import { median, withSpread } from './median.mjs';
import { onEnd } from './on-end.mjs';

const rounds = Number(process.env.ROUNDS ?? 7);
const count = Number(process.env.COUNT ?? 2_000);
const inFlight = Number(process.env.IN_FLIGHT ?? 50);
const mustBeAtLeast = 0.9;
const network = 'eip155:84532';
/** As the api is started. */
const apiArgv = ['--min-semi-space-size=32', '--max-semi-space-size=32'];
const masterKey = 'b3f1c2d7a4e906535fd1c8b2740e6a9932ab5c77e4d018f6293bc4a5d6e7f8a1';

export async function run() {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollbook-bench-'));
  chmodSync(dataDir, 0o711);
  const children = [];
  const starting = startPostgres({ dataDir: join(dataDir, 'postgres') });
  const end = onEnd(async () => {
    for (const child of children) if (child.connected) child.disconnect();
    await (await starting.catch(() => undefined))?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const start = async (file, ...values) => {
    const child = fork(new URL(file, import.meta.url), values, { execArgv: [...process.execArgv, ...apiArgv] });
    children.push(child);
    return { child, ...(await heard(child)) };
  };
  try {
    const postgres = await starting;
    const facilitator = await start('./stub-facilitator.mjs', network);
    const shop = await install(postgres.url, facilitator.url);
    const settings = JSON.stringify({ ...shop, databaseUrl: postgres.url, facilitatorUrl: facilitator.url, masterKey });
    const floor = await start('./paid-loop.mjs', 'floor', settings);
    const gate = await start('./paid-loop.mjs', 'gate', settings);
    const shoot = (child, payments = count, lanes = inFlight) =>
      shootWith(postgres, facilitator.child, child, payments, lanes);
    await shoot(floor.child);
    await shoot(gate.child);
    await analyze(postgres.url);
    const results = { floor: [], serial: [], gate: [] };
    for (let round = 0; round < rounds; round += 1) {
      results.floor.push(await shoot(floor.child));
      results.gate.push(await shoot(gate.child));
      results.serial.push(await shoot(floor.child, Math.ceil(count / 4), 1));
    }
    report(results);
  } finally {
    await end();
  }
}

function report({ floor, serial, gate }) {
  const middle = (results, name) => Math.round(median(results.map((each) => each[name])));
  const rate = (results) => `${middle(results, 'rate')} payments/s`;
  const micros = (results) =>
    `CPU each: ${middle(results, 'cpuMicros')} µs, ${middle(results, 'databaseMicros')} µs in the database`;
  const ratiosTo = (loop) => gate.map((each, round) => each.rate / loop[round].rate);
  const stub = `${middle(gate, 'facilitatorMicros')} µs in the stub facilitator`;
  console.log(`check and one durable insert, one after another: ${rate(serial)}, ${micros(serial)}`);
  console.log(`check and one durable insert, ${inFlight} in flight: ${rate(floor)}, ${micros(floor)}`);
  console.log(`paid path, ${inFlight} in flight: ${rate(gate)}, ${micros(gate)}, ${stub}`);
  const cpu = gate.map((each, round) => total(floor[round]) / total(each));
  console.log(`ratio by CPU time of process and database, both ${inFlight} in flight: ${withSpread(cpu)}`);
  console.log(`ratio to the loop with as many in flight: ${withSpread(ratiosTo(floor))}; no bar`);
  const ratios = ratiosTo(serial);
  console.log(`ratio to the loop one after another: ${withSpread(ratios)}; the bar, must be at least ${mustBeAtLeast}`);
  if (median(ratios) < mustBeAtLeast) process.exitCode = 1;
}

function total({ cpuMicros, databaseMicros }) {
  return cpuMicros + databaseMicros;
}

/** A round of one process, with the CPU time that a payment took in it, in the database and at the stub facilitator. */
async function shootWith(postgres, facilitator, child, payments, lanes) {
  child.send({ kind: 'prepare', payments });
  await heard(child);
  const before = cpuSeconds(child.pid);
  const beforeAtFacilitator = cpuSeconds(facilitator.pid);
  const inDatabase = () => new Map(childrenOf(postgres.pid).map((pid) => [pid, cpuSeconds(pid) || 0]));
  const beforeInDatabase = inDatabase();
  child.send({ kind: 'run', inFlight: lanes });
  const { seconds } = await heard(child);
  const spent = [...inDatabase()].reduce((sum, [pid, at]) => sum + at - (beforeInDatabase.get(pid) ?? 0), 0);
  return {
    rate: payments / seconds,
    cpuMicros: ((cpuSeconds(child.pid) - before) * 1e6) / payments,
    databaseMicros: (spent * 1e6) / payments,
    facilitatorMicros: ((cpuSeconds(facilitator.pid) - beforeAtFacilitator) * 1e6) / payments,
  };
}

function heard(child) {
  return new Promise((resolve, reject) => {
    const onExit = (code) => reject(new Error(`a process of the benchmark ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message);
    });
  });
}

/** As PostgreSQL does by itself once a minute: until it has counted, it takes every table for empty. */
async function analyze(url) {
  const owner = createPool(url, { role: new URL(url).username, max: 1, applicationName: 'bench owner' });
  await owner.query('analyze');
  await owner.end();
}

/** A merchant who sells one endpoint through a facilitator at a URL, and the table that the floor writes. */
async function install(url, facilitatorUrl) {
  await migrate(url);
  const pool = createPool(url, { role: 'tollbook_app', max: 2, applicationName: 'bench' });
  const owner = createPool(url, { role: new URL(url).username, max: 1, applicationName: 'bench owner' });
  for (const each of [pool, owner]) each.options.connectionTimeoutMillis = 10_000;
  const catalog = await loadCatalog(pool);
  const setup = createSetupStore({ pool, catalog });
  const vault = new Vault(parseMasterKey(masterKey));
  vault.addDataKey(await setup.ensureDataKey(null, vault.createWrappedKey()));
  const merchantId = await setup.ensureMerchant({ slug: 'bench', name: 'Bench' });
  vault.addDataKey(await setup.ensureDataKey(merchantId, vault.createWrappedKey()));
  const { bookId } = await setup.ensureBook({ merchantId, mode: 'test', gateSlug: 'bench', timeZone: 'UTC' });
  const asset = catalog.assets.find((each) => each.network === network);
  const payTo = `0x${'71'.repeat(20)}`;
  const wallet = { bookId, network, address: payTo, label: 'Till', assetId: asset.assetId, watchFromBlock: 1n };
  const walletId = await setup.ensureWallet(wallet);
  const upstreamUrl = 'http://127.0.0.1:9/weather';
  const sold = { bookId, method: 'GET', path: '/weather', upstreamUrl, timeoutMs: 30_000, settleMode: 'after' };
  const { endpointId } = await setup.ensureEndpoint(sold);
  const { assetId, contract: assetText } = asset;
  const entry = { network, assetId, walletId, assetText, payToText: payTo, amountAtomic: 10_000n };
  const terms = {
    settleMode: 'after',
    offerTtlSeconds: 300,
    maxTimeoutSeconds: 300,
    pricedQuery: [],
    pricesBody: false,
  };
  await setup.addPriceVersion({
    ...{ bookId, endpointId, author: 'owner', reason: 'bench' },
    terms: { ...terms, networks: [entry] },
  });
  const facilitatorId = randomUUID();
  await owner.query(
    `insert into facilitators (book_id, facilitator_id, kind, name, url, position, allows_plain_http)
     values ($1, $2, 'remote', 'stub', $3, 0, true)`,
    [bookId, facilitatorId, facilitatorUrl],
  );
  await owner.query('create table bench_floor (replay_key bytea primary key, payload bytea not null)');
  await owner.query('grant insert on bench_floor to tollbook_app');
  await pool.end();
  await owner.end();
  return { facilitatorId };
}
