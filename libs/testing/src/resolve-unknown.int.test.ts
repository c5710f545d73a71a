import type { Authorization } from '@tollbook/domain';
import { type ChainReader, ChainUnavailable, type Purchase, resolveUnknown } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { forcedAction, txOf } from '../test/chain-txs.js';
import { Crash } from '../test/crash.js';
import { bodyOf, codeOf } from '../test/outcomes.js';
import { pause } from '../test/pause.js';
import { only, type PaymentWorld } from '../test/payment-world.js';
import { answered } from '../test/scripted-upstream.js';
import { useWorlds } from '../test/use-worlds.js';
import { attempts, discrepancies, ledger, paymentOf, story } from '../test/world-view.js';

const { open } = useWorlds();

async function unknownPurchase(world: PaymentWorld): Promise<Purchase> {
  world.parts.settlement.otherwise = { says: 'uncertain', isBroadcast: false };
  const purchase = world.purchase();
  expect(codeOf(await world.take(purchase))).toBe('payment_outcome_unknown');
  return purchase;
}

/** Looks at everything that is unknown, now. */
async function resolve(world: PaymentWorld): Promise<number> {
  await world.db.rows(
    `update attempts set check_at = now() - interval '1 second' where status in ('submitted', 'unknown')`,
  );
  return (await resolveUnknown(world.worker, await world.sweepLease())).failed;
}

const cancelOf = ({ from, nonce }: Authorization) => ({ kind: 'cancel', payer: from, nonce }) as const;

describe('a proof that an unknown payment cannot happen any more', () => {
  it('is its end in chain time, at a final block', async () => {
    const world = await open();
    const purchase = await unknownPurchase(world);
    await world.finalize();
    expect(await resolve(world)).toBe(0);
    world.chain.skipSeconds(400);
    await world.mine();
    expect(await resolve(world)).toBe(0);
    await world.mine(12);
    expect(await resolve(world)).toBe(1);
    const detail = await paymentOf(world, purchase);
    expect(attempts(detail)).toEqual(['failed authorization_expired']);
    expect(story(detail)).toEqual(['processing', 'unknown', 'failed']);
    expect(only(detail.attempts)).toMatchObject({
      releasedAtMs: null,
      checkAtMs: null,
      evidence: {
        isNonceUsed: false,
        blockNumber: expect.any(String),
        sources: [expect.any(String), expect.any(String)],
      },
    });
    expect(await world.take(purchase)).toMatchObject({
      kind: 'failed',
      reason: 'authorization_expired',
      receipt: { isSuccess: false },
    });
    expect(await resolve(world)).toBe(0);
  });

  it.each([
    ['authorization_canceled', 'its nonce was canceled', cancelOf],
    ['nonce_spent_elsewhere', 'its nonce paid somebody else', (a) => forcedAction({ ...a, to: addressOf('other') })],
  ] as const satisfies readonly (readonly [string, string, (a: Authorization) => ReturnType<typeof forcedAction>])[])(
    'is %s when %s, at a final block',
    async (reason, _name, actionOf) => {
      const world = await open();
      const purchase = await unknownPurchase(world);
      world.chain.submit(txOf('end', actionOf(purchase.presented.authorization)));
      await world.mine(4);
      expect(await resolve(world)).toBe(0);
      await world.finalize();
      expect(await resolve(world)).toBe(1);
      const [attempt] = (await paymentOf(world, purchase)).attempts;
      expect(attempt).toMatchObject({
        status: 'failed',
        reason,
        evidence: { isNonceUsed: true, txHash: txOf('end').txHash },
      });
    },
  );

  it('is the revert of our own transaction, at a final block', async () => {
    const world = await open();
    const purchase = await unknownPurchase(world);
    const { txHash } = only((await paymentOf(world, purchase)).attempts);
    world.chain.submit({ txHash: `${txHash}`, actions: [], isReverted: true });
    await world.mine(4);
    expect(await resolve(world)).toBe(0);
    await world.finalize();
    expect(await resolve(world)).toBe(1);
    expect(attempts(await paymentOf(world, purchase))).toEqual(['failed reverted']);
  });

  it('is none when the transfer is there, whoever sent it', async () => {
    const world = await open();
    const purchase = await unknownPurchase(world);
    const { authorization } = purchase.presented;
    world.chain.submit(txOf('front-run', { kind: 'authorize', authorization }));
    world.chain.skipSeconds(20);
    await world.finalize();
    world.chain.skipSeconds(400);
    await world.finalize();
    expect(await resolve(world)).toBe(0);
    const detail = await paymentOf(world, purchase);
    expect(story(detail)).toEqual(['processing', 'unknown', 'confirmed', 'final']);
    expect(detail.attempts[0]?.txHash).toBe(txOf('front-run').txHash);
  });

  it('frees its buyer to sign anew for the same request', async () => {
    const world = await open();
    await unknownPurchase(world);
    expect(codeOf(await world.take(world.purchase()))).toBe('earlier_payment_unknown');
    world.chain.skipSeconds(400);
    await world.finalize();
    expect(await resolve(world)).toBe(1);
    world.parts.settlement.otherwise = { says: 'accepted', isBroadcast: false };
    expect(bodyOf(await world.take(world.purchase()))).toBe('sunny');
  });

  it('is none while the transfer that spent the nonce is ours and only waits to be matched', async () => {
    const world = await open();
    const work = pause();
    world.upstream.next.push(async () => {
      work.reach();
      await work.released;
      return answered();
    });
    const purchase = world.purchase();
    const taking = world.take(purchase);
    await work.reached;
    world.chain.submit(txOf('front', { kind: 'authorize', authorization: purchase.presented.authorization }));
    await world.finalize();
    work.release();
    await taking;
    expect(await resolve(world)).toBe(0);
    await world.index();
    expect(story(await paymentOf(world, purchase))).toEqual(['processing', 'confirmed', 'final']);
  });

  it('ends what else was in doubt about the payment', async () => {
    const world = await open();
    world.gate.crashes.plan('served_open');
    const purchase = world.purchase();
    await expect(world.take(purchase)).rejects.toThrow(Crash);
    await world.mine(3);
    await world.age(61_000);
    await world.sweep();
    world.parts.settlement.otherwise = { says: 'uncertain', isBroadcast: false };
    world.chain.reorg(3);
    world.chain.skipSeconds(400);
    await world.finalize();
    expect(await discrepancies(world)).toEqual(['paid_not_served', 'reorged']);
    expect(await resolve(world)).toBe(1);
    expect(await discrepancies(world)).toEqual(['paid_not_served: failed', 'reorged: failed']);
    const told = ['processing', 'confirmed', 'paid_not_served', 'reorged', 'failed'];
    expect(story(await paymentOf(world, purchase))).toEqual(told);
    expect(await ledger(world)).toHaveLength(2);
  });

  it('deletes the stored answer, and books what was served for nothing as a loss (A05)', async () => {
    const world = await open();
    world.parts.settlement.otherwise = { says: 'accepted', isBroadcast: false };
    const purchase = await world.buy();
    await world.age(61_000);
    await world.sweep();
    expect(await discrepancies(world)).toEqual(['served_not_paid']);
    world.chain.skipSeconds(400);
    await world.finalize();
    expect(await resolve(world)).toBe(1);
    expect(await ledger(world)).toEqual(['loss expenses:served_not_paid equity:served_not_paid 10000']);
    expect(await discrepancies(world)).toEqual(['served_not_paid: loss']);
    expect(await world.db.rows('select from paid_answers')).toEqual([]);
    expect(codeOf(await world.take(purchase))).toBe('failed');
  });
});

describe('what proves nothing', () => {
  /** The authorization is over by far, and final, but something is missing. */
  async function overdue(world: PaymentWorld, spoil: () => void): Promise<Purchase> {
    const purchase = await unknownPurchase(world);
    await world.mine(3);
    world.chain.skipSeconds(400);
    spoil();
    return purchase;
  }

  it.each(['nonceStates', 'headers'] satisfies (keyof ChainReader)[])('a node that is silent at %s', async (method) => {
    const world = await open();
    await overdue(world, () => undefined);
    await world.finalize();
    world.node.beforeCall = (called) => {
      if (called === method) throw new ChainUnavailable(world.chain.network, 'silent');
    };
    expect(await resolve(world)).toBe(0);
    expect(attempts(await paymentOf(world))).toEqual(['unknown']);
  });

  it('a chain that has passed the end, but is not final there', async () => {
    const world = await open();
    await overdue(world, () => world.chain.setFinalLag(100));
    await world.finalize();
    expect(await resolve(world)).toBe(0);
  });

  it('a final chain that we have not read up to there', async () => {
    const world = await open();
    await overdue(world, () => world.chain.mine(40));
    expect(await resolve(world)).toBe(0);
    await world.index();
    expect(await resolve(world)).toBe(1);
  });

  it('a node whose block at our final height is another', async () => {
    const world = await open();
    await overdue(world, () => undefined);
    await world.finalize();
    world.chain.reorg(30);
    world.chain.skipSeconds(400);
    world.chain.mine(40);
    expect(await resolve(world)).toBe(0);
  });

  it('a network that is frozen', async () => {
    const world = await open();
    await overdue(world, () => undefined);
    await world.finalize();
    await world.db.rows(`update cursors set frozen_at = now(), frozen_reason = 'test'`);
    expect(await resolve(world)).toBe(0);
  });
});

describe('the schedule of looking again', () => {
  it.each([
    [0, 500],
    [600, 1_000],
    [2_000, 2_000],
    [5_000, 4_000],
    [10_000, 8_000],
    [20_000, 15_000],
    [40_000, 30_000],
    [400_000, 30_000],
  ])('of a payment open for %i ms comes back after %i ms', async (openMs, gapMs) => {
    const world = await open();
    await world.mine();
    await unknownPurchase(world);
    await world.age(openMs);
    const before = Date.now();
    await resolve(world);
    const { checkAtMs } = only((await paymentOf(world)).attempts);
    expect((checkAtMs ?? 0) - before).toBeGreaterThan(gapMs - 250);
    expect((checkAtMs ?? 0) - before).toBeLessThan(gapMs + 2_000);
  });
});
