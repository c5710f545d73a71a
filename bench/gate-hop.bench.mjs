// What it costs to go through the gate to an upstream, beside taking the payment: the upstream directly, and through a
// server that calls it as the gate does and writes its answer as the gate does. Rounds alternate.
import { load } from './load.mjs';
import { median, withSpread } from './median.mjs';
import { startServer } from './start-server.mjs';

const rounds = Number(process.env.ROUNDS ?? 5);
const seconds = Number(process.env.SECONDS ?? 2);
const mustBeAtLeast = 0.45;

export async function run() {
  const upstream = await startServer('./bare-fastify.mjs');
  const direct = `${upstream.url}/hello`;
  const hops = {
    held: await startServer('./hop.mjs', [direct, 'held']),
    streamed: await startServer('./hop.mjs', [direct, 'streamed']),
  };
  try {
    const ratios = { held: [], streamed: [] };
    const rates = { direct: [], held: [], streamed: [] };
    for (const { url } of [{ url: direct }, ...Object.values(hops)]) await load(url, { seconds: 1 });
    for (let round = 0; round < rounds; round += 1) {
      const { rate: directRate } = await load(direct, { seconds });
      rates.direct.push(directRate);
      for (const [name, { url }] of Object.entries(hops)) {
        const { rate } = await load(url, { seconds });
        rates[name].push(rate);
        ratios[name].push(rate / directRate);
      }
    }
    console.log(`upstream directly: ${Math.round(median(rates.direct))} requests/s`);
    for (const name of Object.keys(hops)) {
      const rate = Math.round(median(rates[name]));
      console.log(`${name}: ${rate} requests/s, ratio ${withSpread(ratios[name])}; wanted is ${mustBeAtLeast}`);
    }
  } finally {
    for (const server of [upstream, ...Object.values(hops)]) server.stop();
  }
}
