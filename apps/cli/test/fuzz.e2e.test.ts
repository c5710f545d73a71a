import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { send } from './buyer.js';
import { type FuzzedRequest, fuzzedHeaders } from './fuzzed-headers.js';
import { install } from './install.js';
import { type Process, startWorld, type World } from './world.js';

/** `npm run test:fuzz` sends a million. */
const count = Number(process.env.FUZZ_COUNT ?? 1_500);
const seed = Number(process.env.FUZZ_SEED ?? 402);
const lanes = 8;
const offersEach = 50_000;

let world: World;
let api: Process;
beforeAll(async () => {
  world = await startWorld();
  await install(world);
  api = await world.startApi();
});
afterAll(() => world.stop());

it(
  'answers any payment header with a refusal of its own (A29)',
  async () => {
    const url = `${api.url}/g/demo/weather`;
    const agent = new Agent({ keepAlive: true, maxSockets: lanes });
    let requests = fuzzedHeaders(seed, ...(await unsignedPayments(url)));
    const statuses = new Map<number, number>();
    const wrong: { status: number; headers: FuzzedRequest; body: string }[] = [];
    const latencies = new Float64Array(count);
    let sent = 0;
    const lane = async () => {
      while (sent < count) {
        const at = sent;
        sent += 1;
        // An offer lives for minutes, and a payment of one that is over is refused before much is looked at.
        if (sent % offersEach === 0) requests = fuzzedHeaders(seed + sent, ...(await unsignedPayments(url)));
        const headers: FuzzedRequest = requests.next().value;
        const { status, body, ms } = await ownAnswer(agent, url, headers);
        latencies[at] = ms;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status < 400 || status >= 500) wrong.push({ status, headers, body });
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    agent.destroy();
    if (count > 10_000) report(latencies.sort(), statuses);
    expect(wrong.slice(0, 3)).toEqual([]);
    // Refused by its shape, by its terms and by the server: a fuzzer that never comes that far tests nothing.
    expect([...statuses.keys()].sort()).toEqual(expect.arrayContaining([400, 402]));
    expect(await world.rows('select 1 from attempts')).toEqual([]);
    expect((await send(url)).status).toBe(402);
  },
  120_000 + count * 5,
);

function report(sorted: Float64Array, statuses: ReadonlyMap<number, number>): void {
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(2);
  const told = [...statuses].map(([status, times]) => `${status}: ${times}`).join(', ');
  process.stdout.write(`${count} headers, seed ${seed}: ${told}\np50 ${at(0.5)} ms, p99 ${at(0.99)} ms\n`);
}

/** Payments of real offers, in both versions, under a signature that is nobody's. */
async function unsignedPayments(url: string): Promise<[v2: object, v1: object]> {
  return [await unsignedPayment(url, 2), await unsignedPayment(url, 1)];
}

async function unsignedPayment(url: string, version: 1 | 2): Promise<object> {
  const { rawHeader } = await world.sign(url, version);
  const payment: { payload: { signature: string } } = JSON.parse(Buffer.from(rawHeader, 'base64').toString());
  payment.payload.signature = `0x${'1f'.repeat(64)}1b`;
  return payment;
}

/** A machine on which the database stands still for a second makes the gate close, whatever the header: asked again. */
function ownAnswer(agent: Agent, url: string, headers: FuzzedRequest) {
  const isStarved = ({ status, body }: Answer) => status === 503 && body.includes('"store_unavailable"');
  return vi.waitFor(
    async () => {
      const startedAt = performance.now();
      const answer = await answerTo(agent, url, headers);
      if (isStarved(answer)) throw new Error('the database does not answer this header, however often it is sent');
      return { ...answer, ms: performance.now() - startedAt };
    },
    { timeout: 20_000, interval: 250 },
  );
}

type Answer = { readonly status: number; readonly body: string };

function answerTo(agent: Agent, url: string, headers: FuzzedRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: ['Host', new URL(url).host, ...headers] }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}
