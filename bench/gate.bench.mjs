// The unpaid 402 against a bare Fastify hello: both servers up, rounds alternate, the ratio of each round is kept.
import { execFileSync, fork, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childOf, cpuSeconds } from './cpu-time.mjs';
import { load } from './load.mjs';
import { median, withSpread } from './median.mjs';

const rounds = Number(process.env.ROUNDS ?? 7);
const seconds = Number(process.env.SECONDS ?? 3);
const mustBeAtLeast = 0.55;
/** Short enough that what is left of the limit keeps its number of digits through all rounds. */
const limitedSeconds = 1;

export async function run() {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollbook-bench-'));
  chmodSync(dataDir, 0o711);
  const port = await freePort();
  const floor = fork(new URL('./bare-fastify.mjs', import.meta.url));
  const [{ url: floorUrl }] = await once(floor, 'message');
  const startedAt = performance.now();
  const env = {
    ...process.env,
    TOLLBOOK_DATA_DIR: dataDir,
    PORT: String(port),
    DATABASE_URL: '',
    REDIS_URL: '',
    TOLLBOOK_LOG_LEVEL: 'warn',
  };
  const product = spawn(process.execPath, ['apps/cli/bin/tollbook.js', 'start'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await readyLine(product);
    console.log(`cold start: ${((performance.now() - startedAt) / 1000).toFixed(1)} s to the ready line`);
    const gateUrl = `http://127.0.0.1:${port}/g/demo/weather`;
    const limitedUrl = await sellLimited(`http://127.0.0.1:${port}`, env);
    const api = childOf(product.pid, 'apps/api/');
    await shoot(`${floorUrl}/hello`, 1);
    await shoot(gateUrl, 1);
    await shoot(limitedUrl, 1);
    const results = { floor: [], gate: [], limited: [] };
    for (let round = 0; round < rounds; round += 1) {
      results.floor.push(await shoot(`${floorUrl}/hello`, seconds, floor.pid));
      results.gate.push(await shoot(gateUrl, seconds, api));
      results.limited.push(await shoot(limitedUrl, limitedSeconds, api));
    }
    report(results);
  } finally {
    floor.disconnect();
    product.kill('SIGTERM');
    await once(product, 'exit');
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/**
 * Sells a second endpoint, whose offers are limited by address; its URL. So high a limit holds nobody back, and its
 * headers keep one length, which the load client asks of all answers.
 */
async function sellLimited(base, env) {
  const command = ['apps/cli/bin/tollbook.js', 'key', 'create', '--name', 'bench'];
  const key = execFileSync(process.execPath, command, { env, encoding: 'utf8' }).trim();
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

function report({ floor, gate, limited }) {
  const ratios = gate.map((each, index) => each.rate / floor[index].rate);
  const limitedRatios = limited.map((each, index) => each.rate / floor[index].rate);
  const p99 = gate.map((each, index) => each.p99 / Math.max(floor[index].p99, 1));
  console.log(`bare Fastify hello: ${Math.round(median(floor.map((each) => each.rate)))} requests/s`);
  console.log(`unpaid 402:         ${Math.round(median(gate.map((each) => each.rate)))} requests/s`);
  console.log(`ratio: ${withSpread(ratios)}; must be at least ${mustBeAtLeast}`);
  console.log(`ratio of an endpoint that limits offers by address: ${withSpread(limitedRatios)}`);
  const cpu = gate.map((each, index) => floor[index].cpuMicros / each.cpuMicros);
  console.log(`ratio by CPU time, which other work on the machine changes little: ${withSpread(cpu)}`);
  console.log(
    `CPU time: ${median(floor.map((each) => each.cpuMicros)).toFixed(1)} and ${median(gate.map((each) => each.cpuMicros)).toFixed(1)} µs a request`,
  );
  console.log(`p99 ratio: ${withSpread(p99)}`);
  if (median(ratios) < mustBeAtLeast) process.exitCode = 1;
}

/** A run of the load client, with the server's CPU time for each request (NaN where the system does not tell). */
async function shoot(url, seconds, pid) {
  const before = cpuSeconds(pid);
  const result = await load(url, { seconds });
  return { ...result, cpuMicros: ((cpuSeconds(pid) - before) * 1e6) / result.count };
}

function readyLine(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`Tollbook ended with ${code} before it was ready`)));
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('Tollbook is ready at')) resolve();
    });
  });
}

function once(emitter, name) {
  return new Promise((resolve) => emitter.once(name, (...values) => resolve(values)));
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
