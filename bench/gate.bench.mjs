// The unpaid 402 against a bare Fastify hello: both servers up, rounds alternate, the ratio of each round is kept.
import { fork, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from './load.mjs';
import { median, withSpread } from './median.mjs';

const rounds = Number(process.env.ROUNDS ?? 7);
const seconds = Number(process.env.SECONDS ?? 3);
const mustBeAtLeast = 0.55;

export async function run() {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollbook-bench-'));
  chmodSync(dataDir, 0o711);
  const port = await freePort();
  const floor = fork(new URL('./bare-fastify.mjs', import.meta.url));
  const [{ url: floorUrl }] = await once(floor, 'message');
  const startedAt = performance.now();
  const product = spawn(process.execPath, ['apps/cli/bin/tollbook.js', 'start'], {
    env: {
      ...process.env,
      TOLLBOOK_DATA_DIR: dataDir,
      PORT: String(port),
      DATABASE_URL: '',
      REDIS_URL: '',
      TOLLBOOK_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await readyLine(product);
    console.log(`cold start: ${((performance.now() - startedAt) / 1000).toFixed(1)} s to the ready line`);
    const gateUrl = `http://127.0.0.1:${port}/g/demo/weather`;
    await shoot(`${floorUrl}/hello`, 1);
    await shoot(gateUrl, 1);
    const results = { floor: [], gate: [] };
    for (let round = 0; round < rounds; round += 1) {
      results.floor.push(await shoot(`${floorUrl}/hello`, seconds));
      results.gate.push(await shoot(gateUrl, seconds));
    }
    report(results);
  } finally {
    floor.disconnect();
    product.kill('SIGTERM');
    await once(product, 'exit');
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function report({ floor, gate }) {
  const ratios = gate.map((each, index) => each.rate / floor[index].rate);
  const p99 = gate.map((each, index) => each.p99 / Math.max(floor[index].p99, 1));
  console.log(`bare Fastify hello: ${Math.round(median(floor.map((each) => each.rate)))} requests/s`);
  console.log(`unpaid 402:         ${Math.round(median(gate.map((each) => each.rate)))} requests/s`);
  console.log(`ratio: ${withSpread(ratios)}; must be at least ${mustBeAtLeast}`);
  console.log(`p99 ratio: ${withSpread(p99)}`);
  if (median(ratios) < mustBeAtLeast) process.exitCode = 1;
}

function shoot(url, seconds) {
  return load(url, { seconds });
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
