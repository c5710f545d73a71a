// The overview and the first page of payments, at 10,000 payments and at a million: one database each, rounds alternate.
// Rows are written straight into the tables, with the sums that booking them would have kept.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createPaymentQueries,
  createPool,
  createReportQueries,
  createSetupStore,
  loadCatalog,
  migrate,
} from '@tollbook/db';
import { comparedPeriod, reportPeriod } from '@tollbook/domain';
import { createTestDatabase, startPostgres } from '@tollbook/postgres-local';
import { readOverview } from '@tollbook/usecases';
import { median, withSpread } from './median.mjs';

const sizes = (process.env.SIZES ?? '10000,1000000').split(',').map(Number);
const rounds = Number(process.env.ROUNDS ?? 200);
const days = 60;

export async function run() {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollbook-bench-'));
  const postgres = await startPostgres({ dataDir, isDurable: false });
  try {
    const worlds = [];
    for (const size of sizes) worlds.push(await openWorld(postgres, size));
    const reads = { overview: readTheOverview, 'first page': readFirstPage, 'first page of failed': readFailed };
    for (const [name, read] of Object.entries(reads)) {
      const times = worlds.map(() => []);
      for (let round = -20; round < rounds; round += 1) {
        for (const [at, world] of worlds.entries()) {
          const startedAt = performance.now();
          await read(world);
          if (round >= 0) times[at].push(performance.now() - startedAt);
        }
      }
      for (const [at, world] of worlds.entries()) {
        const sorted = [...times[at]].sort((a, b) => a - b);
        const p95 = sorted[Math.floor(sorted.length * 0.95)];
        console.log(`${name} at ${world.size}: p50 ${median(sorted).toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`);
      }
      const [small, large] = [times[0], times[times.length - 1]];
      console.log(`${name}, largest against smallest: ${withSpread(large.map((each, at) => each / small[at]))}`);
    }
    for (const world of worlds) await world.app.end();
  } finally {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function readTheOverview({ deps, bookId }) {
  const { period } = reportPeriod({}, 'UTC', Date.now());
  return readOverview(deps, bookId, period, comparedPeriod(period, 'prev', Date.now()), 'network');
}

const everything = { status: [], network: null, endpointId: null, payer: null };

function readFirstPage({ queries, bookId }) {
  return queries.listPayments(bookId, everything, null, 51);
}

function readFailed({ queries, bookId }) {
  return queries.listPayments(bookId, { ...everything, status: ['failed'] }, null, 51);
}

async function openWorld(postgres, size) {
  const database = await createTestDatabase(postgres);
  await migrate(database.url);
  const app = createPool(database.url, { role: 'tollbook_app', max: 2, applicationName: 'bench' });
  const catalog = await loadCatalog(app);
  const setup = createSetupStore({ pool: app, catalog });
  const merchantId = await setup.ensureMerchant({ slug: 'bench', name: 'Bench' });
  const { bookId } = await setup.ensureBook({ merchantId, mode: 'test', gateSlug: 'bench', timeZone: 'UTC' });
  const network = 'eip155:84532';
  const wallet = { bookId, network, address: `0x${'71'.repeat(20)}`, label: 'Till', assetId: 1, watchFromBlock: 1n };
  const walletId = await setup.ensureWallet(wallet);
  const startedAt = performance.now();
  await fill(app.Client, postgres, database.url, { bookId, walletId, size });
  console.log(`${size} payments written in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  const reports = createReportQueries({ pool: app, catalog });
  return { size, app, bookId, queries: createPaymentQueries({ pool: app, catalog }), deps: { reports, catalog } };
}

/** As a superuser for whom no trigger fires: these payments were never made. */
async function fill(Client, postgres, url, { bookId, walletId, size }) {
  const admin = new URL(postgres.adminUrl);
  admin.pathname = new URL(url).pathname;
  const client = new Client({ connectionString: admin.href });
  await client.connect();
  await client.query('set session_replication_role = replica');
  await client.query(
    `insert into payment_intents (book_id, intent_id, invoice_id, source, network_id, asset_id, wallet_id,
       amount_atomic, expires_at, created_at, payer, status, sequence, failure_reason, confirmed_at, final_at,
       invoice_year, invoice_no)
     select $1, (left(uuid_at(at)::text, 14) || '7' || substr(md5(n::text), 1, 3) || '-8' || substr(md5(n::text), 4, 3)
         || '-' || substr(md5(n::text), 7, 12))::uuid,
       decode(repeat('11', 50), 'hex'), 'api', 1, 1, $2, 10000, at + interval '5 minutes', at,
       decode(substr(md5((n % greatest($3 / 10, 1))::text), 1, 32) || '00000000', 'hex'),
       case when n % 20 = 0 then 'failed' else 'final' end, 2,
       case when n % 20 = 0 then 'insufficient_funds' end,
       case when n % 20 > 0 then at end, case when n % 20 > 0 then at end,
       case when n % 20 > 0 then 2026 end, case when n % 20 > 0 then n end
     from (select n, now() - (n::float8 / $3) * interval '${days} days' as at from generate_series(1, $3::integer) n) made`,
    [bookId, walletId, size],
  );
  const each = `(created_at at time zone 'UTC')::date`;
  const sums = 'count(*), sum(amount_atomic)';
  await client.query(
    `insert into rollup_books (book_id, day, network_id, asset_id, outcome, count, amount_atomic)
     select book_id, ${each}, 1, 1, status, ${sums} from payment_intents where book_id = $1 group by 1, 2, 5`,
    [bookId],
  );
  await client.query(
    `insert into rollup_reasons (book_id, day, endpoint_id, reason, asset_id, count, amount_atomic)
     select book_id, ${each}, '00000000-0000-0000-0000-000000000000', failure_reason, 1, ${sums}
     from payment_intents where book_id = $1 and status = 'failed' group by 1, 2, 4`,
    [bookId],
  );
  await client.query(
    `insert into rollup_payers (book_id, day, payer, network_id, asset_id, count, amount_atomic)
     select book_id, ${each}, payer, 1, 1, ${sums} from payment_intents where book_id = $1 and status = 'final'
     group by 1, 2, 3`,
    [bookId],
  );
  await client.query(
    `insert into rollup_recency (book_id, day, previous_day, payers)
     select $1, day, previous_day, count(*) from (
       select day, coalesce(lag(day) over (partition by payer order by day), '-infinity') as previous_day
       from rollup_payers where book_id = $1
     ) paid group by 2, 3`,
    [bookId],
  );
  await client.query('vacuum analyze payment_intents, rollup_books, rollup_reasons, rollup_payers, rollup_recency');
  await client.end();
}
