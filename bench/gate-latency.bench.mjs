// Whether paying buyers slow the others down: unpaid requests at a fixed rate, at rest and beside buyers who pay half as
// fast as the product can take payments here, settled by a facilitator that answers at once. A request counts from the
// time it was due. Rounds alternate, the ratio of each round is kept. Everything shares this machine.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readSandboxState } from '@tollbook/sandbox';
import { median, withSpread } from './median.mjs';
import { startProduct } from './product.mjs';
import { settleBy } from './settle-by.mjs';
import { startServer } from './start-server.mjs';
import { steadyLoad } from './steady-load.mjs';

const rounds = Number(process.env.ROUNDS ?? 11);
const seconds = Number(process.env.SECONDS ?? 3);
const rate = Number(process.env.RATE ?? 300);
const lanes = 32;
const paidPerSecondMin = 150;
const mustBeAtMost = 3;
/** A millisecond is what the clients' own clocks are good for. */
const leastMs = 1;

export async function run() {
  const facilitator = await startServer('./stub-facilitator.mjs', ['eip155:84532']);
  let product;
  let buyers;
  try {
    product = await startProduct();
    await settleBy(product, facilitator.url);
    const url = `${product.url}/g/demo/weather`;
    buyers = await startBuyers(url, readSandboxState(product.dataDir).buyer.evmPrivateKey);
    await buyers.buy({ lanes, seconds });
    const most = await buyers.buy({ lanes, seconds });
    const paidRate = Math.max(paidPerSecondMin, Math.round(most.paid / seconds / 2));
    console.log(`payments that ${lanes} buyers could make: ${Math.round(most.paid / seconds)} a second`);
    await steadyLoad(url, { rate, seconds: 1 });
    const results = { idle: [], beside: [], bought: [] };
    for (let round = 0; round < rounds; round += 1) {
      results.idle.push(await steadyLoad(url, { rate, seconds }));
      const [beside, bought] = await Promise.all([
        steadyLoad(url, { rate, seconds }),
        buyers.buy({ rate: paidRate, seconds }),
      ]);
      results.beside.push(beside);
      results.bought.push(bought);
    }
    report(results, paidRate);
  } finally {
    buyers?.stop();
    facilitator.stop();
    await product?.stop();
  }
}

async function startBuyers(url, privateKey) {
  const child = fork(new URL('./paid-buyers.mjs', import.meta.url), [url, privateKey]);
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the buyers ended with ${code}`);
  });
  failed.catch(() => {});
  const heard = () => Promise.race([once(child, 'message').then(([message]) => message), failed]);
  await heard();
  const buy = (order) => {
    const bought = heard();
    child.send(order);
    return bought;
  };
  return { buy, stop: () => child.connected && child.disconnect() };
}

function report({ idle, beside, bought }, paidRate) {
  const of = (latencies, share) => latencies[Math.floor(latencies.length * share)];
  const told = (all) =>
    `p50 ${median(all.map((each) => of(each, 0.5))).toFixed(2)} ms, p99 ${withSpread(all.map((each) => of(each, 0.99)))} ms`;
  console.log(`${rate} unpaid requests/s at rest: ${told(idle)}`);
  console.log(`beside ${paidRate} payments/s:      ${told(beside)}`);
  const asked = bought.reduce((sum, each) => sum + each.asked, 0);
  const paid = bought.reduce((sum, each) => sum + each.paid, 0);
  const others = Object.assign({}, ...bought.map(({ failures }) => failures));
  console.log(`paid and served: ${paid} of ${asked} ${paid < asked ? JSON.stringify(others) : ''}`.trimEnd());
  const ratios = beside.map((each, round) => of(each, 0.99) / Math.max(of(idle[round], 0.99), leastMs));
  console.log(`ratio of p99: ${withSpread(ratios)}; must be at most ${mustBeAtMost}`);
  if (median(ratios) > mustBeAtMost || paid < asked) process.exitCode = 1;
}
