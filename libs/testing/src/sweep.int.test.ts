import { FakeChain, fakeChainReader } from '@tollbook/testing';
import { expireIntents, resolveUnknown, sweepAttempts } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { Crash } from '../test/crash.js';
import { bodyOf, codeOf } from '../test/outcomes.js';
import type { PaymentWorld } from '../test/payment-world.js';
import { answered } from '../test/scripted-upstream.js';
import { useWorlds } from '../test/use-worlds.js';
import { attempts, discrepancies, ledger, paymentOf, payments, story } from '../test/world-view.js';

const { open } = useWorlds();
const leaseMs = 70_000;

/** A purchase whose process died at a failpoint. */
async function deadPurchase(world: PaymentWorld, name: Parameters<typeof world.gate.crashes.plan>[0]) {
  const purchase = world.purchase();
  world.gate.crashes.plan(name);
  await expect(world.take(purchase)).rejects.toThrow(Crash);
  await world.killGate(world.gate);
  return purchase;
}

describe('a sweep', () => {
  it('releases a claim whose lease lapsed, and not before', async () => {
    const world = await open();
    const purchase = await deadPurchase(world, 'payment_verified');
    expect(await world.sweep()).toMatchObject({ interrupted: 0 });
    await world.age(leaseMs);
    expect(await world.sweep()).toMatchObject({ interrupted: 1, unknown: 0 });
    const detail = await paymentOf(world, purchase);
    expect(attempts(detail)).toEqual(['failed interrupted']);
    expect([detail.intent.status, story(detail)]).toEqual(['open', []]);
    expect(bodyOf(await world.take(purchase, await world.openGate()))).toBe('sunny');
  });

  it('doubts a submission whose lease lapsed, and sends its transaction again, which counts as submitted', async () => {
    const world = await open();
    const purchase = await deadPurchase(world, 'submitting_committed');
    expect(await world.sweep()).toMatchObject({ unknown: 0, resent: 0 });
    await world.age(leaseMs);
    expect(await world.sweep()).toMatchObject({ unknown: 1, resent: 1 });
    await world.finalize();
    expect(story(await paymentOf(world, purchase))).toEqual([
      'processing',
      'unknown',
      'processing',
      'confirmed',
      'final',
    ]);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(world.upstream.calls).toHaveLength(1);
  });

  it('replaces a transaction that offers too little, and every later receipt has the hash that the chain has', async () => {
    const world = await open();
    const { settlement } = world.parts;
    const lost = { says: 'accepted', isBroadcast: false } as const;
    settlement.scripts.push(lost, lost);
    const purchase = world.purchase();
    const first = await world.take(purchase);
    const { gasNonce } = (await paymentOf(world, purchase)).attempts[0] ?? {};
    Object.assign(settlement, { nextNonce: gasNonce, isFeeTooLow: true });
    world.chain.skipSeconds(60);
    await world.mine();
    await world.age(60_000);
    expect(await world.sweep()).toMatchObject({ resent: 1, replaced: 1 });
    const [original, , replacement] = settlement.sent.map(({ txHash }) => txHash);
    expect(replacement).not.toBe(original);
    expect(first).toMatchObject({ kind: 'served', receipt: { txHash: original } });
    await world.mine(4);
    const paid = await paymentOf(world, purchase);
    expect(paid.intent.status).toBe('confirmed');
    expect(paid.attempts.map(({ txHash }) => txHash)).toEqual([replacement]);
    expect(paid.transfers.map(({ txHash }) => txHash)).toEqual([replacement]);
    expect(await world.take(purchase)).toMatchObject({
      kind: 'served',
      isReplay: true,
      receipt: { txHash: replacement },
    });
  });

  it('uses up the gas nonce of what was proved failed, where later ones wait behind it', async () => {
    const world = await open();
    const { settlement } = world.parts;
    settlement.otherwise = { says: 'uncertain', isBroadcast: false };
    await world.take(world.purchase());
    world.chain.skipSeconds(400);
    await world.mine(14);
    await world.db.rows(`update attempts set check_at = now() - interval '1 second' where status = 'unknown'`);
    expect((await resolveUnknown(world.worker, await world.sweepLease())).failed).toBe(1);
    await world.take(world.purchase({ payer: 'another' }));
    await world.age(11_000);
    const [first, second] = settlement.sent;
    settlement.nextNonce = second?.gasNonce ?? expect.fail();
    await world.sweep();
    expect(settlement.sent.slice(2)).toEqual([second]);
    await world.age(11_000);
    settlement.nextNonce = first?.gasNonce ?? expect.fail();
    await world.sweep();
    expect(settlement.sent.slice(3)).toEqual([second, first]);
  });

  it('doubts what no block shows after thirty seconds, and a node that takes it again does not end the doubt', async () => {
    const world = await open();
    world.parts.settlement.otherwise = { says: 'accepted', isBroadcast: false };
    const purchase = await world.buy();
    await world.age(29_000);
    expect(await world.sweep()).toMatchObject({ unknown: 0 });
    await world.age(2_000);
    expect(await world.sweep()).toMatchObject({ unknown: 1 });
    await world.age(11_000);
    expect(await world.sweep()).toMatchObject({ resent: 1 });
    expect(attempts(await paymentOf(world, purchase))).toEqual(['unknown']);
    world.parts.settlement.otherwise = { says: 'accepted', isBroadcast: true };
    await world.age(11_000);
    await world.sweep();
    await world.mine(3);
    expect(story(await paymentOf(world, purchase))).toEqual(['processing', 'unknown', 'confirmed']);
  });

  it('doubts nothing that is read in a block, however long it takes to be deep', async () => {
    const world = await open();
    const purchase = await world.buy();
    await world.mine();
    await world.age(60_000);
    expect(await world.sweep()).toMatchObject({ unknown: 0 });
    expect(attempts(await paymentOf(world, purchase))).toEqual(['submitted']);
  });

  it('sends transactions again in the order of their gas nonces', async () => {
    const world = await open();
    world.parts.settlement.otherwise = { says: 'accepted', isBroadcast: false };
    for (const payer of ['ann', 'bob', 'cy']) await world.buy({ payer });
    const first = world.parts.settlement.sent.length;
    await world.db.rows(`update attempts set last_sent_at = last_sent_at - gas_nonce * interval '1 minute'`);
    await world.age(11_000);
    await world.sweep();
    const again = world.parts.settlement.sent.slice(first);
    expect(again.map(({ gasNonce }) => gasNonce)).toEqual([0n, 1n, 2n]);
    expect(await world.sweep()).toMatchObject({ resent: 0 });
  });

  it('puts what was paid but not served on record once, until it is served', async () => {
    const world = await open();
    const purchase = await deadPurchase(world, 'served_open');
    const heir = await world.openGate();
    await world.mine(3);
    await world.age(45_000);
    expect(await world.sweep()).toMatchObject({ notServed: 0 });
    await world.age(10_000);
    expect(await world.sweep()).toMatchObject({ notServed: 1 });
    expect(await world.sweep()).toMatchObject({ notServed: 0 });
    expect(await discrepancies(world)).toEqual(['paid_not_served']);
    expect(bodyOf(await world.take(purchase, heir))).toBe('sunny');
    expect(await discrepancies(world)).toEqual(['paid_not_served: served']);
    expect(story(await paymentOf(world, purchase))).toEqual(['processing', 'confirmed', 'paid_not_served']);
  });

  it('puts what was served but is not paid on record once, until it is confirmed', async () => {
    const world = await open();
    world.parts.settlement.otherwise = { says: 'accepted', isBroadcast: false };
    const purchase = await world.buy();
    await world.age(45_000);
    expect(await world.sweep()).toMatchObject({ notPaid: 0 });
    await world.age(10_000);
    expect(await world.sweep()).toMatchObject({ notPaid: 1 });
    expect(await world.sweep()).toMatchObject({ notPaid: 0 });
    world.parts.settlement.otherwise = { says: 'accepted', isBroadcast: true };
    await world.age(11_000);
    await world.sweep();
    await world.finalize();
    expect(await discrepancies(world)).toEqual(['served_not_paid: paid']);
    expect(story(await paymentOf(world, purchase))).toEqual([
      'processing',
      'unknown',
      'served_not_paid',
      'confirmed',
      'final',
    ]);
  });

  it('puts nothing on record that was served, or paid, between its list and its commit', async () => {
    const world = await open();
    const purchase = await deadPurchase(world, 'served_open');
    const heir = await world.openGate();
    await world.mine(3);
    await world.age(61_000);
    const listed = await world.db.sweep.paidNotServed(60_000, 10);
    expect(listed).toHaveLength(1);
    await world.take(purchase, heir);
    const late = { ...world.worker, sweep: { ...world.db.sweep, paidNotServed: async () => listed } };
    expect(await sweepAttempts(late, await world.sweepLease())).toMatchObject({ notServed: 0 });
    expect(await discrepancies(world)).toEqual([]);
  });
});

describe('the end of an offer', () => {
  /** A payment that was tried eight minutes ago and not charged. */
  async function untakenPurchase(world: PaymentWorld) {
    world.parts.clock.advance(-8 * 60_000);
    world.upstream.next.push(() => answered(500));
    const purchase = world.purchase();
    expect(codeOf(await world.take(purchase))).toBe('not_charged');
    world.parts.clock.advance(8 * 60_000);
    return purchase;
  }
  const expire = async (world: PaymentWorld) => expireIntents(world.worker, await world.sweepLease());
  const secondsNow = () => Math.floor(Date.now() / 1000);

  it('comes when the chains of all networks have passed it, and names those that it waits for', async () => {
    const world = await open();
    const purchase = await untakenPurchase(world);
    const network = 'eip155:8453';
    const startUnixSeconds = secondsNow() - 400;
    const other = new FakeChain({ network, contract: world.chain.contract, startUnixSeconds });
    world.parts.readers.set(network, fakeChainReader(other));
    world.chain.skipSeconds(60);
    await world.mine();
    await world.scan(network);
    expect(await expire(world)).toEqual({ expired: 0, waitingFor: [network] });
    expect((await paymentOf(world, purchase)).intent.status).toBe('open');
    other.skipSeconds(399);
    other.mine();
    await world.scan(network);
    expect(await expire(world)).toEqual({ expired: 1, waitingFor: [] });
    const detail = await paymentOf(world, purchase);
    expect([detail.intent.status, story(detail)]).toEqual(['failed', ['failed']]);
    expect(await expire(world)).toEqual({ expired: 0, waitingFor: [] });
  });

  it('is waited for by name as soon as it is over by the clock', async () => {
    const world = await open();
    await untakenPurchase(world);
    // The end and its grace were sixty seconds ago; the last block is ninety seconds old.
    const chain = new FakeChain({
      network: 'eip155:8453',
      contract: world.chain.contract,
      startUnixSeconds: secondsNow() - 90,
    });
    world.parts.readers.set(chain.network, fakeChainReader(chain));
    await world.scan(chain.network);
    expect(await expire(world)).toEqual({ expired: 0, waitingFor: [chain.network] });
  });

  it('waits while no chain is read at all', async () => {
    const world = await open();
    await untakenPurchase(world);
    expect(await expire(world)).toEqual({ expired: 0, waitingFor: [] });
    expect((await paymentOf(world)).intent.status).toBe('open');
  });

  it('does not come while a claim is worked on, and not for a payment that was sent', async () => {
    const world = await open();
    await deadPurchase(world, 'payment_verified');
    const gate = await world.openGate();
    await world.take(world.purchase({ payer: 'bob' }), gate);
    world.chain.skipSeconds(1_000);
    await world.index();
    await world.db.rows(`update payment_intents set expires_at = now() - interval '10 minutes'`);
    world.chain.mine();
    await world.index();
    expect(await expire(world)).toMatchObject({ expired: 0 });
    expect((await payments(world)).map(({ intent }) => intent.status).sort()).toEqual(['open', 'processing']);
    expect(await ledger(world)).toEqual([]);
  });
});
