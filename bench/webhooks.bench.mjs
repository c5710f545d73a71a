// Deliveries against a bare POST loop to the same receiver: rounds alternate, the ratio of each round is kept. The worker
// runs as it ships, on an embedded PostgreSQL that flushes every commit; the loop keeps as many requests in flight.

import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool, createSetupStore, createWebhookStore, loadCatalog, migrate } from '@tollbook/db';
import { startPostgres } from '@tollbook/postgres-local';
import { migrateQueue } from '@tollbook/queue';
import { addWebhookEndpoint, systemContext } from '@tollbook/usecases';
import { createSealer, cryptoPort, parseMasterKey, Vault } from '@tollbook/vault';
import { median, withSpread } from './median.mjs';

const rounds = Number(process.env.ROUNDS ?? 7);
const count = Number(process.env.COUNT ?? 3_000);
/** As many as the worker has in flight to one endpoint. */
const inFlight = 32;
const masterKey = 'b3f1c2d7a4e906535fd1c8b2740e6a9932ab5c77e4d018f6293bc4a5d6e7f8a1';
const bodyText = JSON.stringify({ type: 'payment_intent.final', data: { note: 'x'.repeat(700) } });

export async function run() {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollbook-bench-'));
  chmodSync(dataDir, 0o711);
  const receiver = await startReceiver();
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres') });
  let worker;
  try {
    const book = await install(postgres.url, receiver.url);
    worker = await startWorker(postgres.url, dataDir);
    const owner = createPool(postgres.url, { role: 'tollbook_worker', max: 1, applicationName: 'bench' });
    const deliver = () => deliveryRate(owner, book, receiver);
    await postRate(receiver);
    await deliver();
    const results = { posts: [], deliveries: [] };
    for (let round = 0; round < rounds; round += 1) {
      results.posts.push(await postRate(receiver));
      results.deliveries.push(await deliver());
    }
    await owner.end();
    report(results);
  } finally {
    worker?.kill('SIGTERM');
    if (worker) await new Promise((resolve) => worker.once('exit', resolve));
    await postgres.stop();
    receiver.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function report({ posts, deliveries }) {
  console.log(`bare POST loop, ${inFlight} in flight: ${Math.round(median(posts))} requests/s`);
  console.log(`deliveries to one endpoint:  ${Math.round(median(deliveries))}/s, leased, signed, sent and recorded`);
  console.log(`ratio: ${withSpread(deliveries.map((rate, round) => rate / posts[round]))}`);
}

async function postRate(receiver) {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  let left = count;
  const begun = performance.now();
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await post(receiver.url, agent);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const rate = count / ((performance.now() - begun) / 1000);
  agent.destroy();
  return rate;
}

function post(url, agent) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(bodyText) };
    const sent = httpRequest(url, { method: 'POST', agent, headers }, (answer) => answer.resume().on('end', resolve));
    sent.on('error', reject);
    sent.end(bodyText);
  });
}

/** From the moment the rows are there until the last one is recorded. */
async function deliveryRate(owner, { bookId, endpointId }, receiver) {
  const before = receiver.count();
  await owner.query(
    `with made as (select new_uuid_v7() as event_id from generate_series(1, $3)),
      told as (
        insert into events (book_id, event_id, type, body_hash)
        select $1, m.event_id, 'webhook.test', decode(repeat('00', 32), 'hex') from made m
      ), bodies as (
        insert into event_bodies (book_id, event_id, body) select $1, m.event_id, $4 from made m
      )
      insert into deliveries (book_id, delivery_id, event_id, webhook_endpoint_id, next_attempt_at)
      select $1, new_uuid_v7(), m.event_id, $2, now() from made m`,
    [bookId, endpointId, count, bodyText],
  );
  while (receiver.count() === before) await tick();
  const begun = performance.now();
  for (;;) {
    const { rows } = await owner.query(`select exists (select from deliveries where status = 'pending') as is_pending`);
    if (!rows[0].is_pending) break;
    await tick();
  }
  return (receiver.count() - before) / ((performance.now() - begun) / 1000);
}

function tick() {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

async function install(url, receiverUrl) {
  await migrate(url);
  await migrateQueue(url);
  const pool = createPool(url, { role: 'tollbook_app', max: 2, applicationName: 'bench' });
  const setup = createSetupStore({ pool, catalog: await loadCatalog(pool) });
  const vault = new Vault(parseMasterKey(masterKey));
  vault.addDataKey(await setup.ensureDataKey(null, vault.createWrappedKey()));
  const merchantId = await setup.ensureMerchant({ slug: 'bench', name: 'Bench' });
  vault.addDataKey(await setup.ensureDataKey(merchantId, vault.createWrappedKey()));
  const book = await setup.ensureBook({ merchantId, mode: 'test', gateSlug: 'bench', timeZone: 'UTC' });
  const store = createWebhookStore(pool);
  const deps = { store, sealer: createSealer(vault), crypto: cryptoPort, clock: { nowMs: Date.now } };
  const wanted = { webhookEndpointId: randomUUID(), url: receiverUrl, events: ['*'], reason: 'bench' };
  const { endpoint } = await addWebhookEndpoint(deps, book, wanted, systemContext);
  await pool.end();
  return { bookId: book.bookId, endpointId: endpoint.webhookEndpointId };
}

async function startWorker(databaseUrl, dataDir) {
  const worker = fork(new URL('../apps/worker/dist/main.js', import.meta.url), {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      TOLLBOOK_DATA_DIR: dataDir,
      TOLLBOOK_MASTER_KEY: masterKey,
      TOLLBOOK_SANDBOX: 'off',
      TOLLBOOK_OUTBOUND_ALLOW: '127.0.0.0/8',
      TOLLBOOK_LOG_LEVEL: 'warn',
    },
  });
  await new Promise((resolve, reject) => {
    worker.on('message', resolve);
    worker.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
  });
  return worker;
}

async function startReceiver() {
  let received = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      received += 1;
      response.writeHead(204).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    url: `http://127.0.0.1:${port}/hook`,
    count: () => received,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
