import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from './api-client.js';
import { type BuyerAnswer, send, sendUninvited } from './buyer.js';
import { install } from './install.js';
import { attemptOf, expectBooksEqualChain, invoiceBytes, isFinalOnce, transfersOf } from './proofs.js';
import { answered, eventually, type Process, startWorld, type World } from './world.js';

/** Failpoints of the gate, in the order a payment meets them, and whether money can have moved when it dies there. */
const gateFailpoints = [
  ['claim_committed', false],
  ['payment_verified', false],
  ['upstream_answered', false],
  ['submitting_open', false],
  ['submitting_committed', true],
  ['settlement_sent', true],
  ['answer_sent', true],
  ['served_open', true],
  ['served_committed', true],
] as const;

/** The same where the upstream is asked when the money has moved: one for each state that rows can be left in. */
const paidFirstFailpoints = [
  ['claim_committed', false],
  ['submitting_committed', true],
  ['settlement_sent', true],
  ['upstream_answered', true],
  ['answer_sent', true],
  ['served_committed', true],
] as const;

/** Before the answer is sent; a verifier or an upstream that answered leaves no more rows than the claim did. */
const abandonedFailpoints = gateFailpoints
  .slice(0, 6)
  .filter(([name]) => name !== 'payment_verified' && name !== 'upstream_answered');

const cases = [
  ...gateFailpoints.map(([failpoint, canHavePaid]) => ['/weather', failpoint, canHavePaid] as const),
  ...paidFirstFailpoints.map(([failpoint, canHavePaid]) => ['/first', failpoint, canHavePaid] as const),
];

describe('kill -9 of the gate at every step of a payment', () => {
  let world: World;
  /** Where buyers come back to, and what books for all of them: none of these is killed. */
  let healthy: Process;

  beforeAll(async () => {
    world = await startWorld();
    const { key } = await install(world);
    [healthy] = await Promise.all([world.startApi(), world.startWorker()]);
    // What is paid first may run again, under the same key, when its answer was not kept.
    world.upstream.answerWith(({ url, headers }, response) => {
      const isPaidFirst = url?.includes('first') === true;
      response.end(
        JSON.stringify(isPaidFirst ? { for: headers['idempotency-key'] } : { run: world.upstream.keys.length }),
      );
    });
    const upstream = `${world.upstream.url}?first`;
    const paidFirst = { method: 'GET', path: '/first', upstream, settleMode: 'before' };
    const draft = { ...paidFirst, price: { amount: '0.01' }, networks: ['eip155:84532'] };
    expect((await apiClient(healthy.url, key).post('/v1/endpoints', draft)).status).toBe(201);
  });
  afterAll(() => world.stop());

  // Comes first: its leases run out while the others run.
  it.concurrent('ends what no buyer came back for: nothing charged, or paid and on record (A07)', async () => {
    const invoices = new Map<string, string>();
    for (const [failpoint] of abandonedFailpoints) {
      const doomed = await world.startApi({ TOLLBOOK_FAILPOINT: failpoint });
      const url = `${doomed.url}/g/demo/weather`;
      const { headerName, rawHeader, invoiceId } = await world.sign(url);
      await sendToDoomed(url, { [headerName]: rawHeader });
      await doomed.ended;
      invoices.set(failpoint, invoiceId);
    }
    for (const [failpoint, canHavePaid] of abandonedFailpoints) {
      const invoiceId = invoices.get(failpoint) ?? '';
      if (!canHavePaid) {
        await eventually(
          `${failpoint} is released`,
          async () => (await attemptOf(world, invoiceId))?.released_at !== null,
          120_000,
        );
        expect(await transfersOf(world, invoiceId)).toBe(0);
        continue;
      }
      await eventually(`${failpoint} is final`, () => isFinalOnce(world, invoiceId), 60_000);
      await eventually(
        `${failpoint} is on record as paid, not served`,
        async () => {
          const [row] = await world.rows(
            `select 1 from discrepancies d join payment_intents i using (book_id, intent_id)
           where i.invoice_id = $1 and d.kind = 'paid_not_served' and d.closed_at is null`,
            [invoiceBytes(invoiceId)],
          );
          return row !== undefined;
        },
        120_000,
      );
    }
  }, 300_000);

  it.concurrent.each(cases)(
    '%s %s: the same payload sent again is served, and paid once (A07, A43)',
    async (path, failpoint, canHavePaid) => {
      const doomed = await world.startApi({ TOLLBOOK_FAILPOINT: failpoint });
      const url = `${doomed.url}/g/demo${path}`;
      const { headerName, rawHeader, invoiceId } = await world.sign(url);
      const header = { [headerName]: rawHeader };
      const lost = await sendToDoomed(url, header);
      expect(await doomed.ended).toBe('SIGKILL');
      const isAnswered = failpoint === 'answer_sent' || failpoint === 'served_open' || failpoint === 'served_committed';
      if (!isAnswered) expect(lost).toBeNull();
      if (!canHavePaid) expect(await transfersOf(world, invoiceId)).toBe(0);

      const retry = `${healthy.url}/g/demo${path}`;
      // What a killed gate held in the database is let go when that finds out.
      const inDoubt = ['payment_outcome_unknown', 'payment_in_progress', 'store_unavailable'];
      const served = await answered(world, () => sendUninvited(retry, header), inDoubt, 60_000);
      expect([served.status, served.code]).toEqual([200, undefined]);
      if (lost?.status === 200) expect(served.body).toBe(lost.body);

      await eventually('the payment is final, once', () => isFinalOnce(world, invoiceId), 60_000);
    },
    180_000,
  );

  it('leaves books that equal the chain', () => expectBooksEqualChain(world));
});

/** What a buyer hears of a gate that dies, null for nothing. While its database is too slow for it, it is asked again. */
async function sendToDoomed(url: string, header: Record<string, string>): Promise<BuyerAnswer | null> {
  const { heard } = await eventually('the gate takes the payment', async () => {
    const answer = await send(url, header).catch(() => null);
    return answer?.code !== 'store_unavailable' && { heard: answer };
  });
  return heard;
}
