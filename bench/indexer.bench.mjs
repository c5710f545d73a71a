// The indexer against the least that could be done instead. A chain of 100,000 authorized transfers in some 2,000 blocks
// on anvil: all of them read, then one in ten. Then a day of Base (43,200 blocks) of a made-up node that is asked ten times
// a second. Each scan and each floor runs in a process of its own, on a database of its own.
// ONLY=backfill,calls,day runs some of it; ROUNDS says how often the backfill is repeated.

import { fork } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool, createSetupStore, loadCatalog, migrate } from '@tollbook/db';
import { createTestDatabase, startPostgres } from '@tollbook/postgres-local';
import { startTestChain } from '@tollbook/sandbox';
import { madeUpChain, startNode } from './indexer-node.mjs';
import { median, withSpread } from './median.mjs';

const rounds = Number(process.env.ROUNDS ?? 3);
const only = process.env.ONLY?.split(',');
const blocks = Number(process.env.BLOCKS ?? 2_000);
const eventsPerBlock = 50;
const network = 'eip155:84532';
const contract = '0x036cbd53842c5426634e7929541ec2318f3dcf7e';
const merchants = addresses(0xa0, 50);
const strangers = addresses(0xb0, 10);
const dayBlocks = 43_200;
const rangeCaps = [10_000, 100];
const dayRangeCap = 400;
/** The newest minutes are asked about by who paid, too: nobody pays in them here. */
const quietBlocks = 160;
const callsPerSecond = 10;
const addedMiBMax = 80;

/** burst(address,uint256,bytes32): so many authorized transfers in one transaction. */
const burstSelector = '0x1330e5a6';

const isWanted = (part) => !only || only.includes(part);

export async function run() {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollbook-bench-'));
  chmodSync(dataDir, 0o711);
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres') });
  const failures = [];
  try {
    if (isWanted('backfill') || isWanted('calls')) await onAnvil(postgres, failures);
    if (isWanted('day')) await dayOfBase(postgres, failures);
  } finally {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  if (failures.length > 0) throw new Error(`what must hold does not: ${failures.join('; ')}`);
}

async function onAnvil(postgres, failures) {
  const chain = await startTestChain();
  try {
    const begun = performance.now();
    await fill(chain);
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    console.log(`anvil: ${blocks} blocks, ${blocks * eventsPerBlock} transfers, made in ${seconds} s`);
    if (isWanted('backfill')) await backfill(postgres, chain.rpcUrl);
    if (isWanted('calls')) await recipientsOnly(postgres, chain, failures);
  } finally {
    await chain.stop();
  }
}

/** All transfers, ours and the floor in turn. */
async function backfill(postgres, rpcUrl) {
  const wallets = [...merchants, ...strangers];
  const results = { scan: [], floor: [] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const kind of ['floor', 'scan']) {
      const result = await inProcess(postgres, { kind, rpcUrl, wallets });
      if (result.transfers !== blocks * eventsPerBlock) throw new Error(`${kind} found ${result.transfers} transfers`);
      // The first of each warms the node.
      if (round > 0) results[kind].push(result);
    }
  }
  const rate = (each) => (blocks * eventsPerBlock) / (each.ms / 1000);
  console.log(
    `backfill of all, floor (raw getLogs, hand decode, unnest): ${Math.round(median(results.floor.map(rate)))} events/s`,
  );
  console.log(`backfill of all, scan:  ${Math.round(median(results.scan.map(rate)))} events/s`);
  console.log(`ratio: ${withSpread(results.scan.map((each, at) => rate(each) / rate(results.floor[at])))} (goal 0.8)`);
  const added = median(results.scan.map((each) => each.addedMiB));
  console.log(`memory over the idle process: ${added.toFixed(0)} MiB (goal ${addedMiBMax})`);
}

/** One transfer in ten, from nodes that take so many blocks and say so. */
async function recipientsOnly(postgres, chain, failures) {
  for (const rangeMax of rangeCaps) {
    const node = await startNode({ answer: (method, params) => chain.rpc(method, params), rangeMax });
    const result = await inProcess(postgres, { kind: 'scan', rpcUrl: node.url, wallets: merchants });
    node.close();
    if (result.transfers !== blocks * 5) throw new Error(`found ${result.transfers} transfers`);
    const head = Number(await chain.rpc('eth_blockNumber', []));
    // Of few ranges the one refusal that names the cap is more than two in a hundred.
    judgeCalls('recipients only', head, rangeMax, node.counts, rangeMax > head ? failures : []);
    console.log(`  ${result.transfers} transfers in ${(result.ms / 1000).toFixed(1)} s`);
  }
}

/** A day that nobody read, with a payment every ten blocks. */
async function dayOfBase(postgres, failures) {
  const answer = madeUpChain({ blocks: dayBlocks, every: 10, contract, wallets: merchants, finalLag: 600 });
  const node = await startNode({ answer, rangeMax: dayRangeCap });
  const result = await inProcess(postgres, {
    kind: 'scan',
    rpcUrl: node.url,
    wallets: merchants,
    rate: callsPerSecond,
  });
  node.close();
  if (result.transfers !== dayBlocks / 10) throw new Error(`found ${result.transfers} transfers`);
  judgeCalls('a day of Base', dayBlocks, dayRangeCap, node.counts, failures);
  const minutes = result.ms / 60_000;
  console.log(
    `a day of Base at ${callsPerSecond} calls/s, a batch counted as the calls in it: ${minutes.toFixed(1)} min ` +
      `(must: 10), ${node.counts.calls} calls in ${node.counts.requests} requests`,
  );
  if (minutes > 10) failures.push(`a day of Base took ${minutes.toFixed(1)} min`);
}

function judgeCalls(name, head, cap, counts, failures) {
  const least = Math.ceil(head / cap);
  const most = Math.floor(least * 1.02 + 1e-9);
  console.log(
    `${name}, ${head} blocks at ${cap} a range: ${counts.logRequests} requests for ranges, ${counts.refused} of them refused ` +
      `(least ${least}, must: at most ${Math.max(most, least)}); ${counts.logCalls} eth_getLogs in them, ${counts.requests} requests of all kinds`,
  );
  const answered = counts.logRequests;
  if (answered > Math.max(most, least)) failures.push(`${name} took ${answered} requests, not ${most}`);
}

async function inProcess(postgres, options) {
  const database = await createTestDatabase(postgres);
  try {
    await migrate(database.url);
    await install(database.url, options.wallets);
    const argument = JSON.stringify({ ...options, databaseUrl: database.url, network, contract });
    const script = new URL('indexer-scan.mjs', import.meta.url);
    const child = fork(script, [argument], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('error', reject);
      child.once('exit', (code) => code !== 0 && reject(new Error(`the scan died with ${code}`)));
    });
  } finally {
    await database.drop();
  }
}

/** A book that watches the wallets, and the floor's own table with the keys that the real one has. */
async function install(url, wallets) {
  const app = createPool(url, { role: 'tollbook_app', max: 2, applicationName: 'bench' });
  const catalog = await loadCatalog(app);
  const setup = createSetupStore({ pool: app, catalog });
  const merchantId = await setup.ensureMerchant({ slug: 'bench', name: 'Bench' });
  const { bookId } = await setup.ensureBook({ merchantId, mode: 'test', gateSlug: 'bench', timeZone: 'UTC' });
  const { assetId } = catalog.assets.find((asset) => asset.network === network);
  for (const address of wallets) {
    await setup.ensureWallet({ bookId, network, address, label: 'Till', assetId, watchFromBlock: 1n });
  }
  await app.end();
  const owner = createPool(url, { role: new URL(url).username, max: 1, applicationName: 'bench' });
  await owner.query(`create table floor_transfers (block_number bigint, block_hash bytea, block_time timestamptz,
      tx_hash bytea, log_index integer, from_address bytea, to_address bytea, amount numeric(78,0), nonce bytea,
      created_at timestamptz default now(), primary key (block_hash, log_index), unique (tx_hash, log_index, block_hash));
    create index on floor_transfers (block_number);
    create table floor_checkpoint (number bigint);
    insert into floor_checkpoint values (0);
    grant select, insert on floor_transfers to tollbook_worker;
    grant select, update on floor_checkpoint to tollbook_worker`);
  await owner.end();
}

/** Five transfers of each block go to a merchant, the rest to strangers. */
async function fill(chain) {
  const from = chain.minter.address;
  await chain.rpc('anvil_impersonateAccount', [from]);
  await chain.rpc('anvil_setBalance', [from, `0x${(10n ** 24n).toString(16)}`]);
  await chain.mint(from, 10n ** 15n);
  await chain.setAutomine(false);
  const burst = (to, count, seed) => {
    const words = [to, `0x${count.toString(16)}`, `0x${seed.toString(16)}`].map((each) =>
      each.slice(2).padStart(64, '0'),
    );
    const data = `${burstSelector}${words.join('')}`;
    return chain.rpc('eth_sendTransaction', [{ from, to: contract, data, gas: '0x1c9c380' }]);
  };
  for (let block = 0; block < blocks; block += 1) {
    await burst(merchants[block % merchants.length], 5, 2 * block + 1);
    await burst(strangers[block % strangers.length], eventsPerBlock - 5, 2 * block + 2);
    await chain.rpc('evm_mine', []);
  }
  for (let block = 0; block < quietBlocks; block += 1) await chain.rpc('evm_mine', []);
}

function addresses(first, count) {
  return Array.from({ length: count }, (_, at) => `0x${(first * 1000 + at).toString(16).padStart(40, 'c')}`);
}
