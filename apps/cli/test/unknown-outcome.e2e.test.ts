import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, signedHeader } from './buyer.js';
import { install } from './install.js';
import { expectBooksEqualChain, isFinalOnce } from './proofs.js';
import { eventually, type Process, startWorld, type World } from './world.js';

describe('a settlement whose outcome is not known', () => {
  let world: World;
  let api: Process;

  beforeAll(async () => {
    world = await startWorld();
    await install(world);
    api = await world.startApi();
    await world.startWorker();
  });
  afterAll(() => world.stop());

  it('is never answered with a fresh offer, and the same payload is served once the chain has told (A06)', async () => {
    const url = `${api.url}/g/demo/weather`;
    expect((await send(url, await signedHeader(world, url))).status).toBe(200);
    const { headerName, rawHeader, invoiceId } = await world.sign(url);
    const fresh = await signedHeader(world, url);
    const header = { [headerName]: rawHeader };
    // The node stops while the upstream works: fees are known from the payment before, the send is not answered.
    world.upstream.answerWith((_request, response) => {
      process.kill(world.sandbox.pid, 'SIGSTOP');
      response.writeHead(200).end('paid for');
    });
    const unknown = await send(url, header);
    expect([unknown.status, unknown.code]).toEqual([503, 'payment_outcome_unknown']);
    expect(unknown.header('payment-required')).toBeNull();
    expect(unknown.header('retry-after')).toBe('5');
    expect(unknown.receipt).toMatchObject({ success: false, errorReason: 'settlement_pending' });

    const other = await send(url, fresh);
    expect([other.status, other.code]).toEqual([503, 'earlier_payment_unknown']);
    expect(other.header('payment-required')).toBeNull();

    process.kill(world.sandbox.pid, 'SIGCONT');
    const served = await eventually('the same payload is served', async () => {
      const answer = await send(url, header);
      expect(answer.header('payment-required')).toBeNull();
      return answer.status === 200 ? answer : undefined;
    });
    expect(served.body).toBe('paid for');
    await eventually('the payment is final, once', () => isFinalOnce(world, invoiceId));
    await expectBooksEqualChain(world);
  });
});
