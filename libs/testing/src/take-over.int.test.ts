import { describe, expect, it, vi } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { Crash } from '../test/crash.js';
import { bodyOf, codeOf } from '../test/outcomes.js';
import { pause } from '../test/pause.js';
import { only, type PaymentWorld } from '../test/payment-world.js';
import { answered } from '../test/scripted-upstream.js';
import { useWorlds } from '../test/use-worlds.js';
import { priceAtomic, setPrice } from '../test/world-shop.js';
import { attempts, discrepancies, paymentOf, story } from '../test/world-view.js';

const { open } = useWorlds();

describe('a claim whose process is gone', () => {
  it('is taken over under the next epoch, and the old owner, waking late, sends nothing', async () => {
    const world = await open();
    const heir = await world.openGate();
    const stall = pause();
    world.upstream.next.push(async () => {
      stall.reach();
      await stall.released;
      return answered(200, 'stale');
    });
    const purchase = world.purchase();
    const paused = world.take(purchase);
    await stall.reached;
    await world.killGate(world.gate);

    expect(bodyOf(await world.take(purchase, heir))).toBe('sunny');
    expect(only((await paymentOf(world)).attempts)).toMatchObject({ epoch: 2 });
    stall.release();
    expect(bodyOf(await paused)).toBe('sunny');
    expect(new Set(world.upstream.calls).size).toBe(1);
    expect(world.upstream.calls).toHaveLength(2);
    expect(world.parts.settlement.sent).toHaveLength(1);
    expect(attempts(await paymentOf(world))).toEqual(['submitted']);
  });

  it('is not sent by the old owner while the new one still works on it', async () => {
    const world = await open();
    const heir = await world.openGate();
    const [old, young] = [pause(), pause()];
    for (const stall of [old, young]) {
      world.upstream.next.push(async () => {
        stall.reach();
        await stall.released;
        return answered();
      });
    }
    const looksAgain = pause();
    const { store } = world.gate.deps;
    let claims = 0;
    const claim: typeof store.claim = (input) => {
      claims += 1;
      if (claims === 2) looksAgain.reach();
      return store.claim(input);
    };
    const purchase = world.purchase();
    const paused = world.take(purchase, { ...world.gate, deps: { ...world.gate.deps, store: { ...store, claim } } });
    await old.reached;
    await world.killGate(world.gate);
    const inherited = world.take(purchase, heir);
    await young.reached;
    old.release();
    await looksAgain.reached;
    expect(world.parts.settlement.sent).toEqual([]);
    young.release();
    expect([bodyOf(await inherited), bodyOf(await paused)]).toEqual(['sunny', 'sunny']);
    expect(world.parts.settlement.sent).toHaveLength(1);
  });

  it('is not taken over under whoever is changing it', async () => {
    const world = await open();
    const heir = await world.openGate();
    world.gate.crashes.plan('claim_committed');
    await expect(world.take(world.purchase())).rejects.toThrow(Crash);
    await world.killGate(world.gate);
    const { bookId } = world.book;
    const { intent } = await paymentOf(world);
    const claim = only(intent.attempts);
    const held = pause();
    const change = world.db.payments.inBook(bookId, async (tx) => {
      const [previous] = only(await tx.lockIntents([{ bookId, intentId: intent.intentId }])).attempts;
      held.reach();
      await held.released;
      return previous ? tx.saveAttempts([{ previous, next: { ...previous, rawReason: 'changed' } }]) : 0;
    });
    await held.reached;
    const taken = world.db.payments.takeOver(claim, heir.bootId, 1_000);
    const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    await vi.waitFor(async () => expect(await world.db.rows(waiting)).toHaveLength(1), { timeout: 5_000 });
    held.release();
    expect(await change).toBe(1);
    expect(await taken).toMatchObject({ epoch: 2, rawReason: 'changed' });
  });

  it('is not taken over while its process is seen', async () => {
    const world = await open();
    const other = await world.openGate();
    const stall = pause();
    world.upstream.next.push(async () => {
      stall.reach();
      await stall.released;
      return answered();
    });
    const purchase = world.purchase();
    const first = world.take(purchase);
    await stall.reached;
    const second = world.take(purchase, other);
    stall.release();
    expect([bodyOf(await first), bodyOf(await second)]).toEqual(['sunny', 'sunny']);
    expect(world.upstream.calls).toHaveLength(1);
    expect(only((await paymentOf(world)).attempts)).toMatchObject({ epoch: 1 });
  });

  it.each(['claim_committed', 'payment_verified', 'upstream_answered', 'submitting_open'] as const)(
    'goes on after a death at %s, and money moves once',
    async (name) => {
      const world = await open();
      const heir = await world.openGate();
      const purchase = world.purchase();
      world.gate.crashes.plan(name);
      await expect(world.take(purchase)).rejects.toThrow(Crash);
      await world.killGate(world.gate);
      expect(bodyOf(await world.take(purchase, heir))).toBe('sunny');
      expect(new Set(world.upstream.calls).size).toBe(1);
      expect(world.parts.settlement.sent).toHaveLength(1);
      await world.finalize();
      expect(story(await paymentOf(world))).toEqual(['processing', 'confirmed', 'final']);
    },
  );
});

describe('a submission whose process is gone', () => {
  it.each([
    ['submitting_committed', 1],
    ['settlement_sent', 2],
  ] as const)('after %s has the very same bytes sent, and runs no upstream again', async (name, sends) => {
    const world = await open();
    const heir = await world.openGate();
    const purchase = world.purchase();
    world.gate.crashes.plan(name);
    await expect(world.take(purchase)).rejects.toThrow(Crash);
    const { txHash, gasNonce } = only((await paymentOf(world)).attempts);
    await world.killGate(world.gate);

    const outcome = await world.take(purchase, heir);
    expect(outcome).toMatchObject({ kind: 'served', isReplay: true });
    expect(world.upstream.calls).toHaveLength(1);
    expect(world.parts.settlement.sent).toEqual(Array.from({ length: sends }, () => ({ txHash, gasNonce })));
    await world.finalize();
    expect(story(await paymentOf(world))).toEqual(['processing', 'confirmed', 'final']);
    expect(await discrepancies(world)).toEqual([]);
  });

  it.each(['answer_sent', 'served_open', 'served_committed'] as const)(
    'after %s lost nothing: the chain closes it, and a retry is served',
    async (name) => {
      const world = await open();
      const heir = await world.openGate();
      const purchase = world.purchase();
      world.gate.crashes.plan(name);
      await expect(world.take(purchase)).rejects.toThrow(Crash);
      await world.killGate(world.gate);
      await world.finalize();
      expect(bodyOf(await world.take(purchase, heir))).toBe('sunny');
      expect(only((await paymentOf(world)).attempts)).toMatchObject({
        status: 'final',
        servedAtMs: expect.any(Number),
      });
      expect(world.upstream.calls).toHaveLength(1);
    },
  );
});

describe('an authorization that was signed twice under one nonce', () => {
  /** The first signing is claimed by a process that dies before it sends. */
  async function deadClaim(world: PaymentWorld) {
    const heir = await world.openGate();
    const purchase = world.purchase();
    world.gate.crashes.plan('payment_verified');
    await expect(world.take(purchase)).rejects.toThrow(Crash);
    await world.killGate(world.gate);
    return { heir, purchase };
  }

  it.each([
    ['of one unit', { valueAtomic: 1n }],
    ['to the buyer himself', { to: addressOf('buyer') }],
  ])('does not get served for the second signing %s', async (_name, changes) => {
    const world = await open();
    const { heir, purchase } = await deadClaim(world);
    const { presented } = purchase;
    const cheap = {
      ...purchase,
      presented: { ...presented, authorization: { ...presented.authorization, ...changes } },
    };
    expect((await world.take(cheap, heir)).kind).toBe('refused');
    expect(world.parts.settlement.sent).toEqual([]);
    expect(bodyOf(await world.take(purchase, heir))).toBe('sunny');
  });

  it('does not get served at the price of another offer', async () => {
    const world = await open();
    const cheapOffer = world.offer();
    const { bookId, endpointId, networks } = world.terms;
    await setPrice(world.db.setup, { bookId, endpointId, walletId: only(networks).walletId, amountAtomic: 50_000n });
    await world.reloadBook();
    const { heir, purchase } = await deadClaim(world);
    const { nonce } = purchase.presented.authorization;
    const cheap = world.purchase({ offer: cheapOffer, presented: { authorization: { nonce } } });
    expect(cheap.presented.authorization.valueAtomic).toBe(priceAtomic);
    expect(codeOf(await world.take(cheap, heir))).toBe('payment_used_elsewhere');
    expect(world.parts.settlement.sent).toEqual([]);
  });
});
