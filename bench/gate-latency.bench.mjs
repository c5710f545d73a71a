// Whether paying buyers slow the others down: unpaid requests to the product, at rest and while others pay. Rounds
// alternate, the ratio of each round is kept. Everything shares this machine: chain, database and buyers too.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readSandboxState } from '@tollbook/sandbox';
import { load } from './load.mjs';
import { median, withSpread } from './median.mjs';
import { startProduct } from './product.mjs';

const rounds = Number(process.env.ROUNDS ?? 5);
const seconds = Number(process.env.SECONDS ?? 3);
const connections = Number(process.env.CONNECTIONS ?? 50);
const buyersCount = Number(process.env.BUYERS ?? 16);
const mustBeAtMost = 3;

export async function run() {
  const product = await startProduct();
  let buyers;
  try {
    const url = `${product.url}/g/demo/weather`;
    const { evmPrivateKey } = readSandboxState(product.dataDir).buyer;
    buyers = fork(new URL('./paid-buyers.mjs', import.meta.url), [url, evmPrivateKey, String(buyersCount)]);
    const ended = once(buyers, 'exit').then(([code]) => {
      throw new Error(`the buyers ended with ${code}`);
    });
    ended.catch(() => {});
    const heard = () => Promise.race([once(buyers, 'message').then(([message]) => message), ended]);
    await heard();
    const whilePaid = async () => {
      const stopped = heard();
      // Where the load breaks off, nobody waits for the buyers any more.
      stopped.catch(() => {});
      buyers.send({ isStarted: true });
      const shot = await load(url, { connections, seconds });
      buyers.send({ isStarted: false });
      return { ...shot, paid: (await stopped).paid };
    };
    await load(url, { connections, seconds: 1 });
    await whilePaid();
    const results = { idle: [], paid: [] };
    for (let round = 0; round < rounds; round += 1) {
      results.idle.push(await load(url, { connections, seconds }));
      results.paid.push(await whilePaid());
    }
    report(results);
  } finally {
    buyers?.disconnect();
    await product.stop();
  }
}

function report({ idle, paid }) {
  const p99 = (results) => median(results.map((each) => each.p99)).toFixed(1);
  const perSecond = (results, count) => Math.round(median(results.map((each) => each[count] / seconds)));
  console.log(
    `unpaid at rest, ${connections} connections: ${perSecond(idle, 'count')} requests/s, p99 ${p99(idle)} ms`,
  );
  console.log(
    `beside ${buyersCount} buyers: ${perSecond(paid, 'count')} requests/s, p99 ${p99(paid)} ms, and ${perSecond(paid, 'paid')} payments/s`,
  );
  const ratios = paid.map((each, round) => each.p99 / Math.max(idle[round].p99, 1));
  console.log(`ratio of p99: ${withSpread(ratios)}; must be at most ${mustBeAtMost}`);
  if (median(ratios) > mustBeAtMost) process.exitCode = 1;
}
