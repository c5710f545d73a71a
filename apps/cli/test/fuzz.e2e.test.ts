import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { send } from './buyer.js';
import { type FuzzedRequest, fuzzedHeaders } from './fuzzed-headers.js';
import { install } from './install.js';
import { RawLane } from './raw-lane.js';
import { answered, type Process, startWorld, type World } from './world.js';

/** `npm run test:fuzz` sends a million. */
const count = Number(process.env.FUZZ_COUNT ?? 1_500);
const seed = Number(process.env.FUZZ_SEED ?? 402);
const offersEach = 50_000;
/** Where there are fewer, the first ones, which no machine has warmed up for, are too many of them. */
const judgedCountMin = 500_000;
const p99MsMax = 5;
/** A machine is quiet on which fewer beats come late. */
const quietShareMax = 0.01;

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
    let requests = fuzzedHeaders(seed, ...(await unsignedPayments(url)));
    const statuses = new Map<number, number>();
    const wrong: { status: number; headers: FuzzedRequest; body: string }[] = [];
    const latencies = new Float64Array(count);
    const works = new Float64Array(count);
    let starvedCount = 0;
    // One at a time: what is measured is how long the gate takes, and not how long a request stands behind others.
    const lane = new RawLane(new URL(url));
    const startedAt = performance.now();
    for (let at = 0; at < count; at += 1) {
      // An offer lives for minutes, and a payment of one that is over is refused before much is looked at.
      if (at > 0 && at % offersEach === 0) requests = fuzzedHeaders(seed + at, ...(await unsignedPayments(url)));
      const headers: FuzzedRequest = requests.next().value;
      const { status, body } = await answered(world, async () => {
        const [askedAt, workedMs] = [performance.now(), workedMsOf(api.pid)];
        const answer = await lane.ask(headers);
        latencies[at] = performance.now() - askedAt;
        works[at] = workedMsOf(api.pid) - workedMs;
        if (answer.status === 503) starvedCount += 1;
        return { ...answer, code: answer.status === 503 ? JSON.parse(answer.body).code : undefined };
      });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status < 400 || status >= 500) wrong.push({ status, headers, body });
    }
    lane.close();
    const perSecond = Math.round((count * 1000) / (performance.now() - startedAt));
    const late = world.pulse.lateShare();
    const [took, worked] = [quantilesOf(latencies), quantilesOf(works)];
    if (count > 10_000) {
      const told = [...statuses].map(([status, times]) => `${status}: ${times}`).join(', ');
      const pace = `${perSecond}/s one at a time; took ${toldOf(took)}; worked ${toldOf(worked)}`;
      const asked = `${starvedCount} asked again while the database stood still`;
      const busy = `${Math.round(late * 100)} % of the beats were late`;
      process.stdout.write(`${count} headers, seed ${seed}: ${told}; ${asked}\n${pace}; ${busy}\n`);
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    // Refused by its shape, by its terms and by the server: a fuzzer that never comes that far tests nothing.
    expect([...statuses.keys()].sort()).toEqual(expect.arrayContaining([400, 402]));
    expect(await world.rows('select 1 from attempts')).toEqual([]);
    expect((await send(url)).status).toBe(402);
    if (count < judgedCountMin) return;
    // What the gate works holds on any machine; how long that takes says something of it where nobody else works.
    expect(worked.p99Ms).toBeLessThan(p99MsMax);
    if (late < quietShareMax) expect(took.p99Ms).toBeLessThan(p99MsMax);
  },
  120_000 + count * 5,
);

/** How long the event loop of a process has been on a processor, as Linux counts it; 0 where nobody does. */
function workedMsOf(pid: number): number {
  if (process.platform !== 'linux') return 0;
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

type Quantiles = { readonly p50Ms: number; readonly p99Ms: number };

function quantilesOf(samples: Float64Array): Quantiles {
  samples.sort();
  const at = (share: number) => samples[Math.floor(samples.length * share)] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

function toldOf({ p50Ms, p99Ms }: Quantiles): string {
  return `p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`;
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
