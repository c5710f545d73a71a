import { eventSchema, liveEventTypes, problemSchema } from '@tollbook/contract';
import { createPool, createSetupStore, loadCatalog } from '@tollbook/db';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { install } from './install.js';
import { openLive, type StreamEvent } from './live-reader.js';
import { addOwner, signInOnceUp } from './owner.js';
import { eventually, type Process, startWorld, type World } from './world.js';

let world: World;
let api: Process;
let cookie: string;
let key: string;
const open: { close(): Promise<unknown> }[] = [];

async function live(query: string, headers: Record<string, string> = {}) {
  const reader = await openLive(`${api.url}/v1/live${query}`, { cookie, ...headers });
  open.push(reader);
  return reader;
}

/** Pays for one call, with the real client. */
async function pay(): Promise<void> {
  const url = `${api.url}/g/demo/weather`;
  const { headerName, rawHeader } = await world.sign(url);
  expect((await fetch(url, { headers: { [headerName]: rawHeader } })).status).toBe(200);
}

const typesOf = (events: readonly StreamEvent[]) => events.map(({ event }) => event);

beforeAll(async () => {
  world = await startWorld();
  ({ key } = await install(world));
  await addOwner(world);
  [api] = await Promise.all([world.startApi(), world.startWorker()]);
  cookie = await signInOnceUp(world, api.url);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((reader) => reader.close()));
});

afterAll(async () => {
  await world?.stop();
});

describe('the stream', () => {
  it('tells a payment while it happens, as the feed tells it, and resumes where it was left', async () => {
    const reader = await live('?book=demo');
    expect(reader.answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(reader.answer.headers.get('cache-control')).toContain('no-store');
    await eventually('it says where the feed ends', async () => reader.events.length === 1);
    expect(reader.events[0]).toMatchObject({ event: 'ping' });
    await pay();
    await eventually('the payment is final', async () => typesOf(reader.events).includes('payment_intent.final'));
    const told = reader.events.filter(({ event }) => event !== 'ping');
    expect(typesOf(told)).toEqual(['payment_intent.processing', 'payment_intent.confirmed', 'payment_intent.final']);
    for (const { id, event, data } of told) {
      expect(liveEventTypes).toContain(event);
      expect(eventSchema.parse(data)).toMatchObject({ position: Number(id), type: event, mode: 'test' });
    }
    const feed = await fetch(`${api.url}/v1/events?after=${reader.events[0]?.id}`, { headers: { cookie } });
    expect((await feed.json()) as object).toMatchObject({ data: told.map(({ data }) => data) });

    const [, second, third] = told;
    for (const again of [
      await live('', { 'last-event-id': String(told[0]?.id) }),
      await live(`?book=demo&after=${told[0]?.id}`),
    ]) {
      await eventually('the rest is told', async () => again.events.length === 3);
      expect(again.events.slice(1)).toEqual([second, third]);
    }
  });

  it.each(['999999', 'nonsense'])('says reset to whoever comes from %s, which is no place in the feed', async (id) => {
    const reader = await live('', { 'last-event-id': id });
    await eventually('it says so', async () => reader.events.length === 1);
    expect(typesOf(reader.events)).toEqual(['reset']);
  });

  it('tells a change of the configuration', async () => {
    const reader = await live('');
    await eventually('it is open', async () => reader.events.length === 1);
    const pool = createPool(world.databaseUrl, { role: 'tollbook_app', max: 1, applicationName: 'change' });
    const setup = createSetupStore({ pool, catalog: await loadCatalog(pool) });
    const bookId = (await setup.bookOf('demo', 'test'))?.bookId ?? 0;
    const endpoint = { bookId, method: 'GET', path: '/live', upstreamUrl: world.upstream.url } as const;
    await setup.ensureEndpoint({ ...endpoint, timeoutMs: 1_000, settleMode: 'after' });
    await pool.end();
    await eventually('it is told', async () => typesOf(reader.events).includes('config'));
  });

  it('opens to an API key as well, and to nobody without', async () => {
    const reader = await openLive(`${api.url}/v1/live`, { authorization: `Bearer ${key}` });
    open.push(reader);
    expect(reader.answer.status).toBe(200);
    expect((await fetch(`${api.url}/v1/live`)).status).toBe(401);
    expect((await fetch(`${api.url}/v1/live?book=stranger-test`, { headers: { cookie } })).status).toBe(404);
    expect((await fetch(`${api.url}/v1/live?colour=red`, { headers: { cookie } })).status).toBe(400);
  });

  it('is one of ten at most, and of any number again once some are closed', async () => {
    const readers = await Promise.all(Array.from({ length: 10 }, () => live('')));
    expect(readers.map(({ answer }) => answer.status)).toEqual(Array.from({ length: 10 }, () => 200));
    const refused = await fetch(`${api.url}/v1/live`, { headers: { cookie } });
    expect(refused.headers.get('retry-after')).toBe('15');
    expect(problemSchema.parse(await refused.json())).toMatchObject({ status: 429, code: 'rate_limited' });
    await readers[0]?.close();
    await eventually('there is room again', async () => {
      const reader = await live('');
      return reader.answer.status === 200;
    });
  });

  it('does not keep the api from ending', async () => {
    const other = await world.startApi();
    const reader = await openLive(`${other.url}/v1/live`, { authorization: `Bearer ${key}` });
    const startedAtMs = performance.now();
    expect(await other.kill('SIGTERM')).toBe('0');
    expect(performance.now() - startedAtMs).toBeLessThan(4_000);
    await eventually('the reader is told', async () => reader.hasEnded());
  });
});
