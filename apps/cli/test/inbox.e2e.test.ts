import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from './buyer.js';
import { install } from './install.js';
import { eventually, freePort, type Process, startWorld, type World } from './world.js';

describe("the sandbox's inbox", () => {
  let world: World;
  let api: Process;
  let key: string;
  let port: number;

  beforeAll(async () => {
    world = await startWorld();
    port = await freePort();
    key = (await install(world, `http://127.0.0.1:${port}`)).key;
    api = await world.startApi({ PORT: String(port) });
    await world.startWorker();
  });
  afterAll(() => world.stop());

  const inboxUrl = () => `http://127.0.0.1:${port}/sandbox/inbox`;
  const items = async () => JSON.parse((await send(inboxUrl())).body).data as { id: string; type: string }[];

  it('receives what the demo merchant is told of a payment, verified, newest first', async () => {
    const url = `http://127.0.0.1:${port}/g/demo/weather`;
    const { headerName, rawHeader } = await world.sign(url);
    expect((await send(url, { [headerName]: rawHeader })).status).toBe(200);
    const types = await eventually('three webhooks are in the inbox', async () => {
      const received = await items();
      return received.length === 3 && received.map(({ type }) => type);
    });
    expect(types.toSorted()).toEqual(['payment_intent.confirmed', 'payment_intent.final', 'payment_intent.processing']);
  });

  it('is a page for people', async () => {
    const page = await send(inboxUrl(), { accept: 'text/html' });
    expect([page.status, page.header('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.body).toContain('payment_intent.final');
    const [, script] = /<script src="([^"]*)"/.exec(page.body) ?? [];
    const served = await send(new URL(String(script), inboxUrl()).href);
    expect([served.status, served.header('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
  });

  it('refuses what is not signed, and keeps none of it', async () => {
    const before = await items();
    const forged = await send(inboxUrl(), { 'content-type': 'application/json' }, { method: 'POST', body: '{}' });
    expect([forged.status, forged.code]).toEqual([400, 'request_invalid']);
    expect(await items()).toEqual(before);
  });

  it('stays one endpoint when the instance is set up again elsewhere', async () => {
    await install(world, 'http://127.0.0.1:1');
    const list = await send(`http://127.0.0.1:${port}/v1/webhook-endpoints`, { authorization: `Bearer ${key}` });
    expect(JSON.parse(list.body).data.map((each: { url: string }) => each.url)).toEqual([
      'http://127.0.0.1:1/sandbox/inbox',
    ]);
  });

  it('is absent where the sandbox is off', async () => {
    await api.kill('SIGTERM');
    const live = await world.startApi({ TOLLBOOK_SANDBOX: 'off' });
    expect((await send(`${live.url}/sandbox/inbox`)).status).toBe(404);
    expect((await send(`${live.url}/sandbox/inbox`, {}, { method: 'POST' })).status).toBe(404);
  });
});
