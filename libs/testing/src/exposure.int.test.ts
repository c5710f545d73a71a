import { noEndpointCaps } from '@tollbook/domain';
import { describe, expect, it } from 'vitest';
import { bodyOf, codeOf } from '../test/outcomes.js';
import type { PaymentWorld } from '../test/payment-world.js';
import { useWorlds } from '../test/use-worlds.js';
import { discrepancies, paymentOf, story } from '../test/world-view.js';

const { open } = useWorlds();

/** A world in which nothing may be at risk, or of one payer nothing more than one payment of a whole unit. */
async function cautious(perPayer: bigint, total = 1_000n): Promise<PaymentWorld> {
  const world = await open();
  world.parts.exposureCaps = { perPayer, perEndpoint: 10_000n, total };
  world.parts.sightWaitMs = 0;
  return world;
}

describe('a payment beyond a cap of what may be sent and not confirmed', () => {
  it('is sent first, and served once our own node shows it in a block (A05)', async () => {
    const world = await cautious(0n);
    const gate = await world.openGate();
    let sentBefore = 0;
    world.upstream.next.push(() => {
      sentBefore = world.parts.settlement.sent.length;
      return { kind: 'answered', answer: { httpStatus: 200, headers: [], body: new TextEncoder().encode('seen') } };
    });
    const purchase = world.purchase();
    expect(codeOf(await world.take(purchase, gate))).toBe('payment_outcome_unknown');
    expect(world.upstream.calls).toEqual([]);
    expect(codeOf(await world.take(purchase, gate))).toBe('payment_outcome_unknown');
    world.chain.mine(1);
    expect(bodyOf(await world.take(purchase, gate))).toBe('seen');
    expect([sentBefore, world.parts.settlement.sent.length]).toEqual([1, 1]);
    await world.finalize();
    expect(story(await paymentOf(world))).toEqual(['processing', 'confirmed', 'final']);
    expect(await discrepancies(world)).toEqual([]);
  });

  it('is served at once when the block was there in time', async () => {
    const world = await cautious(0n);
    const { settlement } = world.parts;
    const { send } = settlement;
    settlement.send = async (signedTx) => {
      const sent = await send(signedTx);
      world.chain.mine(1);
      return sent;
    };
    expect(bodyOf(await world.take(world.purchase(), await world.openGate()))).toBe('sunny');
    settlement.send = send;
  });

  it('is judged by payer and by all together, and taken as usual once the others are confirmed', async () => {
    const world = await cautious(1n, 2n);
    const gate = await world.openGate();
    const risk = async (payer: string) => codeOf(await world.take(world.purchase({ payer }), gate));
    // One payment is 0.01: a hundred of them are a whole unit.
    expect(await risk('ann')).toBe('served');
    await world.db.rows(`update attempts set amount_atomic = 1000000`);
    expect(await risk('ann')).toBe('payment_outcome_unknown');
    expect(await risk('bob')).toBe('served');
    await world.db.rows(`update attempts set amount_atomic = 990000 where amount_atomic = 10000`);
    expect(await risk('cy')).toBe('payment_outcome_unknown');
    world.isSound = false;
  });

  it('is judged by its endpoint, whose own cap counts instead of the usual one', async () => {
    const world = await cautious(1_000n);
    const gate = await world.openGate();
    const at = (exposureMax: bigint | null) => ({ ...world.endpoint, caps: { ...noEndpointCaps, exposureMax } });
    const sell = async (payer: string, exposureMax: bigint | null) =>
      codeOf(await world.take({ ...world.purchase({ payer }), endpoint: at(exposureMax) }, gate));
    expect([await sell('ann', 0n), await sell('bob', null)]).toEqual(['payment_outcome_unknown', 'served']);
    await world.db.rows(`update attempts set amount_atomic = 1000000`);
    expect([await sell('cy', 2n), await sell('cy', 3n)]).toEqual(['payment_outcome_unknown', 'served']);
    const elsewhere = { ...at(1n), endpointId: '01900000-0000-7000-8000-00000000ffff' };
    expect(codeOf(await world.take({ ...world.purchase({ payer: 'di' }), endpoint: elsewhere }, gate))).toBe('served');
    world.isSound = false;
  });
});
