// The unpaid 402 against a bare Fastify hello, and against the reference middleware with the same offer: all servers up,
// rounds alternate, the ratio of each round is kept.
import { installApart } from '../scripts/install-apart.mjs';
import { cpuSeconds } from './cpu-time.mjs';
import { load } from './load.mjs';
import { median, withSpread } from './median.mjs';
import { startProduct } from './product.mjs';
import { startServer } from './start-server.mjs';

const rounds = Number(process.env.ROUNDS ?? 7);
const seconds = Number(process.env.SECONDS ?? 2);
const mustBeAtLeast = 0.7;
const p99TimesAtMost = 2;
const timesThePeer = 2;
/** Short enough that what is left of the limit keeps its number of digits through all rounds. */
const limitedSeconds = 1;

export async function run() {
  installApart(new URL('./peers/', import.meta.url));
  const floor = await startServer('./bare-fastify.mjs');
  const peer = await startServer('./peers/express.mjs');
  const alone = await startServer('./gate-alone.mjs');
  const product = await startProduct();
  try {
    console.log(`cold start: ${product.startSeconds.toFixed(1)} s to the ready line`);
    const { pid } = product.api;
    const targets = {
      floor: { url: `${floor.url}/hello`, pid: floor.pid },
      gate: { url: `${product.url}/g/demo/weather`, pid },
      limited: { url: await sellLimited(product), pid, seconds: limitedSeconds },
      peer: peer,
      alone: alone,
    };
    for (const { url } of Object.values(targets)) await shoot({ url, seconds: 1 });
    const results = Object.fromEntries(Object.keys(targets).map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, target] of Object.entries(targets)) results[name].push(await shoot({ seconds, ...target }));
    }
    report(results);
  } finally {
    for (const server of [floor, peer, alone]) server.stop();
    await product.stop();
  }
}

/**
 * Sells a second endpoint, whose offers are limited by address; its URL. So high a limit holds nobody back, and its
 * headers keep one length, which the load client asks of all answers.
 */
async function sellLimited({ url: base, createKey }) {
  const key = createKey();
  const answer = await fetch(`${base}/v1/endpoints`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': 'bench' },
    body: JSON.stringify({
      method: 'GET',
      path: '/limited',
      upstream: `${base}/health/live`,
      price: { amount: '0.01', asset: 'USDC' },
      networks: ['eip155:84532'],
      rateLimit: { unpaid: { points: 1_000_000, windowSeconds: 86_400 } },
    }),
  });
  if (!answer.ok) throw new Error(`the limited endpoint was not made: ${await answer.text()}`);
  const url = `${base}/g/demo/limited`;
  const deadline = performance.now() + 5_000;
  while (!(await fetch(url)).headers.has('ratelimit')) {
    if (performance.now() > deadline) throw new Error('the limited endpoint is not served');
  }
  return url;
}

function report({ floor, gate, limited, peer, alone }) {
  const rateOf = (results) => Math.round(median(results.map(({ rate }) => rate)));
  const microsOf = (results) => median(results.map(({ cpuMicros }) => cpuMicros)).toFixed(1);
  const ratios = (results, others) => results.map(({ rate }, round) => rate / others[round].rate);
  const p99 = gate.map((each, round) => each.p99 / Math.max(floor[round].p99, 1));
  console.log(`bare Fastify hello: ${rateOf(floor)} requests/s`);
  console.log(`unpaid 402:         ${rateOf(gate)} requests/s`);
  console.log(`ratio: ${withSpread(ratios(gate, floor))}; must be at least ${mustBeAtLeast}`);
  console.log(`ratio of an endpoint that limits offers by address: ${withSpread(ratios(limited, floor))}`);
  const cpu = gate.map((each, round) => floor[round].cpuMicros / each.cpuMicros);
  console.log(`ratio by CPU time, which other work on the machine changes little: ${withSpread(cpu)}`);
  console.log(`CPU time: ${microsOf(floor)} and ${microsOf(gate)} µs a request`);
  console.log(`p99 ratio: ${withSpread(p99)}; must be at most ${p99TimesAtMost}`);
  const times = ratios(alone, peer);
  console.log(`offer on two networks: ${rateOf(alone)} requests/s; @x402/express: ${rateOf(peer)} requests/s`);
  console.log(`times @x402/express: ${withSpread(times, 1)}; must be at least ${timesThePeer}`);
  const holds =
    median(ratios(gate, floor)) >= mustBeAtLeast && median(p99) <= p99TimesAtMost && median(times) >= timesThePeer;
  if (!holds) process.exitCode = 1;
}

/** A run of the load client, with the server's CPU time for each request (NaN where the system does not tell). */
async function shoot({ url, seconds, pid }) {
  const before = cpuSeconds(pid);
  const result = await load(url, { seconds });
  return { ...result, cpuMicros: ((cpuSeconds(pid) - before) * 1e6) / result.count };
}
