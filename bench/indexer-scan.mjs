// One indexer in a process of its own: scans a network to its node's head, and tells how long that took and what it
// weighed. Or the floor of the same: raw eth_getLogs, decoded by hand, written by unnest, with a checkpoint.

import { createChainStore, createPool, loadCatalog } from '@tollbook/db';
import { createEvmChainReader, createEvmRpc, meteredRpc, RateBudget } from '@tollbook/evm';
import { scanChain } from '@tollbook/usecases';

const { kind, databaseUrl, rpcUrl, network, contract, wallets, rate } = JSON.parse(process.argv[2]);
const transferTopic = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const usedTopic = '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5';
const floorBlocks = 100;

const pool = createPool(databaseUrl, { role: 'tollbook_worker', max: 3, applicationName: 'bench scan' });
const catalog = await loadCatalog(pool);
let asked = { requests: 0, calls: 0 };
const rpc = meteredRpc(createEvmRpc({ network, url: rpcUrl, timeoutMs: 60_000 }), {
  budget: rate ? new RateBudget(rate) : undefined,
  onAsked: (calls) => {
    asked = { requests: asked.requests + 1, calls: asked.calls + calls };
  },
});

async function scan() {
  const reader = createEvmChainReader({ network, rpc });
  const store = createChainStore({ pool, catalog });
  const deps = { store, catalog, failpoint: () => undefined, readerOf: () => reader, holder: crypto.randomUUID() };
  for (;;) {
    const outcome = await scanChain(deps, network);
    if (outcome.kind !== 'scanned') throw new Error(`the scan ended as ${outcome.kind}`);
    if (outcome.isLevel) return;
  }
}

async function floor() {
  await pool.query('create temporary table if not exists floor_head (number bigint)').catch(() => undefined);
  const head = Number(await rpc.request('eth_blockNumber', []));
  const topics = wallets.map((wallet) => `0x${wallet.slice(2).padStart(64, '0')}`);
  for (let from = 1; from <= head; from += floorBlocks) {
    const filter = { fromBlock: hex(from), toBlock: hex(Math.min(from + floorBlocks - 1, head)), address: contract };
    const [transfers, used] = await Promise.all([
      rpc.request('eth_getLogs', [{ ...filter, topics: [transferTopic, null, topics] }]),
      rpc.request('eth_getLogs', [{ ...filter, topics: [usedTopic] }]),
    ]);
    const nonces = new Map(used.map((log) => [`${log.blockHash}/${Number(log.logIndex)}`, log.topics[2]]));
    const bytes = (text) => `\\x${text.slice(2)}`;
    await pool.query(
      `insert into floor_transfers select * from unnest($1::bigint[], $2::bytea[], $3::timestamptz[], $4::bytea[],
        $5::integer[], $6::bytea[], $7::bytea[], $8::numeric[], $9::bytea[]) on conflict do nothing`,
      [
        transfers.map((log) => Number(log.blockNumber)),
        transfers.map((log) => bytes(log.blockHash)),
        transfers.map((log) => new Date(Number(log.blockTimestamp ?? 0) * 1000)),
        transfers.map((log) => bytes(log.transactionHash)),
        transfers.map((log) => Number(log.logIndex)),
        transfers.map((log) => `\\x${log.topics[1].slice(26)}`),
        transfers.map((log) => `\\x${log.topics[2].slice(26)}`),
        transfers.map((log) => BigInt(log.data).toString()),
        transfers.map((log) =>
          bytes(nonces.get(`${log.blockHash}/${Number(log.logIndex) - 1}`) ?? log.transactionHash),
        ),
      ],
    );
    await pool.query('update floor_checkpoint set number = $1', [from]);
  }
}

function hex(number) {
  return `0x${number.toString(16)}`;
}

// A first query loads what is loaded once, before the idle process is weighed.
await pool.query('select 1');
globalThis.gc?.();
const idleBytes = process.memoryUsage().rss;
let peakBytes = idleBytes;
const sampling = setInterval(() => {
  peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
}, 20);
const begunMs = performance.now();
await (kind === 'floor' ? floor() : scan());
const ms = performance.now() - begunMs;
clearInterval(sampling);
peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
const count = kind === 'floor' ? 'floor_transfers' : 'transfers';
const { rows } = await pool.query(`select count(*)::int as count from ${count}`);
await pool.end();
process.send({ ms, ...asked, transfers: rows[0].count, addedMiB: (peakBytes - idleBytes) / 2 ** 20 });
