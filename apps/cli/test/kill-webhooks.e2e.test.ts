import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from './buyer.js';
import { install } from './install.js';
import { isFinalOnce, transfersOf } from './proofs.js';
import { type Receiver, startReceiver } from './receiver.js';
import { eventually, type Process, startWorld, type World } from './world.js';

/** Failpoints of deliveries, and whether the receiver has been reached when the worker dies there. */
const deliveryFailpoints = [
  ['deliver_open', false],
  ['delivery_leased', false],
  ['delivery_answered', true],
  ['delivery_recorded', true],
] as const;

describe('kill -9 of the worker between an event and the record that it was told', () => {
  let world: World;
  let api: Process;
  let receiver: Receiver;

  beforeAll(async () => {
    world = await startWorld();
    const { key } = await install(world);
    receiver = await startReceiver();
    api = await world.startApi();
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ url: receiver.url, events: ['*'] });
    expect((await send(`${api.url}/v1/webhook-endpoints`, headers, { method: 'POST', body })).status).toBe(201);
  });
  afterAll(async () => {
    await receiver?.close();
    await world.stop();
  });

  /** Deliveries that are not told yet. */
  const untold = () => world.rows<{ event_id: string }>(`select event_id from deliveries where status <> 'delivered'`);
  /** A minute goes by: what a dead process has leased is free again. */
  const endLeases = () => world.rows(`update deliveries set next_attempt_at = now() where status = 'pending'`);

  it.each(deliveryFailpoints)(
    '%s: after a restart every event was told, under one id',
    async (failpoint, isReached) => {
      const since = receiver.received.length;
      const url = `${api.url}/g/demo/weather`;
      const { headerName, rawHeader, invoiceId } = await world.sign(url);
      // The api writes this payment's first event, with its delivery, before anybody could send it.
      expect((await send(url, { [headerName]: rawHeader })).status).toBe(200);
      expect(await untold()).toHaveLength(1);
      const doomed = await world.startWorker({ TOLLBOOK_FAILPOINT: failpoint });
      expect(await doomed.ended).toBe('SIGKILL');
      expect(receiver.received.length > since).toBe(isReached);
      await endLeases();
      const worker = await world.startWorker();
      await eventually('the payment is final, once', () => isFinalOnce(world, invoiceId), 60_000);
      await eventually('every event was told', async () => (await untold()).length === 0, 60_000);
      await worker.kill('SIGTERM');

      const told = receiver.received.slice(since);
      const bodies = new Map(told.map(({ id, body }) => [id, body]));
      for (const { id, body } of told) expect(body).toBe(bodies.get(id));
      expect([...bodies.values()].map((body) => JSON.parse(body).sequence).toSorted()).toEqual([1, 2, 3]);
      // Told again only where answers came and their records did not: what was in flight then, and nothing else.
      const isToldAgain = failpoint === 'delivery_answered';
      expect(told.length > 3).toBe(isToldAgain);
      expect(told.length).toBeLessThanOrEqual(isToldAgain ? 6 : 3);
      expect(await transfersOf(world, invoiceId)).toBe(1);
    },
  );

  it('leaves every event with one delivery, and the tries that nobody ended on record', async () => {
    const [row] = await world.rows<{ events: number; deliveries: number; unended: number }>(
      `select (select count(*)::integer from events) events, (select count(*)::integer from deliveries) deliveries,
         (select count(*)::integer from delivery_attempts where finished_at is null) unended`,
    );
    expect(row?.deliveries).toBe(row?.events);
    expect(row?.unended).toBeGreaterThanOrEqual(2);
  });
});
