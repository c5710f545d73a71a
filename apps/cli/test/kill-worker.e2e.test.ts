import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from './buyer.js';
import { install } from './install.js';
import { expectBooksEqualChain, isFinalOnce, transfersOf } from './proofs.js';
import { eventually, type Process, startWorld, type World } from './world.js';

/** Failpoints of the worker, and whether the transfer's row can be there when it dies. */
const workerFailpoints = [
  ['scan_read', false],
  ['scan_written', false],
  ['scan_committed', true],
  ['reconcile_allocated', true],
  ['reconcile_numbered', true],
  ['reconcile_posted', true],
  ['reconcile_committed', true],
  ['final_posted', true],
  ['final_committed', true],
  ['relay_open', true],
] as const;

describe('kill -9 of the worker between a transfer and its booking', () => {
  let world: World;
  let api: Process;

  beforeAll(async () => {
    world = await startWorld();
    await install(world);
    api = await world.startApi();
  });
  afterAll(() => world.stop());

  it.each(workerFailpoints)(
    '%s: after a restart the payment is confirmed and booked once',
    async (failpoint, canBeThere) => {
      const url = `${api.url}/g/demo/weather`;
      const { headerName, rawHeader, invoiceId } = await world.sign(url);
      expect((await send(url, { [headerName]: rawHeader })).status).toBe(200);
      const doomed = await world.startWorker({ TOLLBOOK_FAILPOINT: failpoint });
      expect(await doomed.ended).toBe('SIGKILL');
      if (!canBeThere) expect(await transfersOf(world, invoiceId)).toBe(0);
      const worker = await world.startWorker();
      await eventually('the payment is final, once', () => isFinalOnce(world, invoiceId), 60_000);
      await worker.kill('SIGTERM');
    },
  );

  it('leaves books that equal the chain, without a gap in their numbers', async () => {
    await expectBooksEqualChain(world);
    const [row] = await world.rows<{ highest: number; count: string }>(
      'select max(invoice_no) highest, count(invoice_no) from payment_intents',
    );
    expect([row?.highest, row?.count]).toEqual([workerFailpoints.length, String(workerFailpoints.length)]);
  });
});
