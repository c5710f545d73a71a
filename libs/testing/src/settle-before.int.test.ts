import { type Purchase, StoreUnavailable, type UpstreamOutcome } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { Crash } from '../test/crash.js';
import { bodyOf, codeOf } from '../test/outcomes.js';
import { pause } from '../test/pause.js';
import { only, type PaymentWorld } from '../test/payment-world.js';
import { answered, arriving } from '../test/scripted-upstream.js';
import { useWorlds } from '../test/use-worlds.js';
import { attempts, discrepancies, paymentOf, story } from '../test/world-view.js';

const { open: openWorld } = useWorlds();
const open = () => openWorld({ settleMode: 'before' });

describe('a payment that is settled before the upstream is asked', () => {
  it('is sent, then served, then booked', async () => {
    const world = await open();
    let sentBefore = 0;
    world.upstream.next.push(() => {
      sentBefore = world.parts.settlement.sent.length;
      return answered();
    });
    const purchase = world.purchase();
    expect(await world.take(purchase)).toMatchObject({ kind: 'served', isReplay: false, receipt: { isSuccess: true } });
    expect(sentBefore).toBe(1);
    expect(only((await paymentOf(world)).attempts)).toMatchObject({
      status: 'submitted',
      settleMode: 'before',
      servedAtMs: expect.any(Number),
      leaseOwner: null,
    });
    expect(await world.take(purchase)).toMatchObject({ kind: 'served', isReplay: true });
    await world.finalize();
    expect(story(await paymentOf(world))).toEqual(['processing', 'confirmed', 'final']);
    expect(world.upstream.calls).toHaveLength(1);
    expect(await discrepancies(world)).toEqual([]);
  });

  it.each([
    ['refuses', answered(404, 'no such place')],
    ['breaks', answered(500)],
    ['asks for money itself', answered(402)],
    ['does not answer', { kind: 'failed', reason: 'upstream_timeout' }],
  ] satisfies [string, UpstreamOutcome][])(
    'is on record at once when the upstream %s, and is served for the same payload',
    async (_how, outcome) => {
      const world = await open();
      world.upstream.next.push(() => outcome);
      const purchase = world.purchase();
      expect(await world.take(purchase)).toMatchObject({ kind: 'paid_not_served', receipt: { isSuccess: true } });
      expect(await discrepancies(world)).toEqual(['paid_not_served']);
      expect(bodyOf(await world.take(purchase, await world.openGate()))).toBe('sunny');
      expect(new Set(world.upstream.calls).size).toBe(1);
      expect(world.parts.settlement.sent).toHaveLength(1);
      await world.finalize();
      expect(await discrepancies(world)).toEqual(['paid_not_served: served']);
      expect(story(await paymentOf(world))).toEqual(['processing', 'paid_not_served', 'confirmed', 'final']);
    },
  );

  it('is owed for a day after its offer is over, to whoever holds the invoice, and then gone', async () => {
    const world = await open();
    world.upstream.next.push(
      () => answered(500),
      () => answered(500),
    );
    const purchase = world.purchase();
    await world.take(purchase);
    await world.finalize();
    world.parts.clock.advance(60 * 60_000);
    expect(codeOf(await world.take(purchase))).toBe('paid_not_served');
    expect(await discrepancies(world)).toEqual(['paid_not_served']);
    world.parts.clock.advance(24 * 60 * 60_000);
    expect(codeOf(await world.take(purchase))).toBe('result_gone');
    expect(world.upstream.calls).toHaveLength(2);
    world.parts.clock.advance(-2 * 60 * 60_000);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(world.parts.settlement.sent).toHaveLength(1);
  });

  it('asks no upstream while the outcome is unknown, and asks it once the chain shows the money', async () => {
    const world = await open();
    world.parts.settlement.scripts.push({ says: 'uncertain', isBroadcast: true });
    const purchase = world.purchase();
    expect(codeOf(await world.take(purchase))).toBe('payment_outcome_unknown');
    expect(codeOf(await world.take(purchase))).toBe('payment_outcome_unknown');
    expect(world.upstream.calls).toEqual([]);
    await world.mine(3);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(world.upstream.calls).toHaveLength(1);
    await world.finalize();
    expect(await discrepancies(world)).toEqual([]);
  });

  it('runs the upstream after the same bytes were sent again and taken', async () => {
    const world = await open();
    world.parts.settlement.scripts.push({ says: 'uncertain', isBroadcast: false });
    const purchase = world.purchase();
    await world.take(purchase);
    await world.age(6_000);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    const [first, second] = world.parts.settlement.sent;
    expect(second).toEqual(first);
    await world.finalize();
    expect(story(await paymentOf(world))).toEqual(['processing', 'unknown', 'processing', 'confirmed', 'final']);
  });
});

describe('a buyer who leaves', () => {
  it('before the decision to send is not charged', async () => {
    const world = await open();
    const buyer = new AbortController();
    const { verifier } = world.parts;
    const { verify } = verifier;
    verifier.verify = async (signed) => {
      buyer.abort();
      return verify(signed);
    };
    expect(codeOf(await world.take(world.purchase({ signal: buyer.signal })))).toBe('buyer_gone');
    verifier.verify = verify;
    expect(world.parts.settlement.sent).toEqual([]);
    expect(world.upstream.calls).toEqual([]);
    expect(attempts(await paymentOf(world))).toEqual(['failed buyer_gone']);
  });

  it('while the upstream works gets its answer for the same payload', async () => {
    const world = await open();
    const buyer = new AbortController();
    let isAborted: boolean | undefined;
    world.upstream.next.push((signal) => {
      buyer.abort();
      isAborted = signal.aborted;
      return answered();
    });
    const purchase = world.purchase({ signal: buyer.signal });
    const outcome = await world.takeUnread(purchase);
    expect([codeOf(outcome), isAborted]).toEqual(['served', false]);
    expect(only((await paymentOf(world)).attempts)).toMatchObject({ servedAtMs: null, leaseOwner: null });
    const retry = { ...purchase, signal: new AbortController().signal };
    expect(await world.take(retry)).toMatchObject({ kind: 'served', isReplay: true });
    expect(world.upstream.calls).toHaveLength(1);
    expect(only((await paymentOf(world)).attempts)).toMatchObject({ servedAtMs: expect.any(Number) });
  });
});

describe('copies of one payment', () => {
  it('in two processes run the upstream once, also when the chain is faster than the upstream', async () => {
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
    await world.finalize();
    const copies = [world.take(purchase, other), world.take(purchase)];
    stall.release();
    expect((await Promise.all([first, ...copies])).map(bodyOf)).toEqual(['sunny', 'sunny', 'sunny']);
    expect(world.upstream.calls).toHaveLength(1);
    expect(world.parts.settlement.sent).toHaveLength(1);
    expect(attempts(await paymentOf(world))).toEqual(['final']);
  });

  it('are told apart from another request of the same payment', async () => {
    const world = await open();
    const purchase = await world.buy();
    const elsewhere = { ...purchase, requestFingerprint: world.purchase({ query: 'a=1' }).requestFingerprint };
    expect(codeOf(await world.take(elsewhere))).toBe('payment_used_elsewhere');
  });
});

describe('a process that dies', () => {
  /** What a crash leaves behind, by how often bytes were sent and the upstream ran when the heir has served. */
  it.each([
    ['claim_committed', 1, 1],
    ['payment_verified', 1, 1],
    ['submitting_open', 1, 1],
    ['submitting_committed', 1, 1],
    ['settlement_sent', 2, 1],
    ['upstream_answered', 1, 2],
    ['answer_sent', 1, 2],
    ['served_open', 1, 2],
    ['served_committed', 1, 1],
  ] as const)('at %s leaves a payment that is served and booked once', async (name, sends, runs) => {
    const world = await open();
    const purchase = await deadPurchase(world, name);
    expect(bodyOf(await world.take(purchase, await world.openGate()))).toBe('sunny');
    expect(new Set(world.parts.settlement.sent.map(({ txHash }) => txHash)).size).toBe(1);
    expect(world.parts.settlement.sent).toHaveLength(sends);
    expect(world.upstream.calls).toHaveLength(runs);
    expect(new Set(world.upstream.calls).size).toBe(1);
    await world.finalize();
    expect(story(await paymentOf(world))).toEqual(['processing', 'confirmed', 'final']);
    expect(only((await paymentOf(world)).attempts)).toMatchObject({ status: 'final', servedAtMs: expect.any(Number) });
    expect(await discrepancies(world)).toEqual([]);
  });

  it('while the upstream worked is on record within a minute', async () => {
    const world = await open();
    const purchase = await deadPurchase(world, 'upstream_answered');
    await world.mine(3);
    await world.age(61_000);
    expect(await world.sweep()).toMatchObject({ notServed: 1 });
    expect(await discrepancies(world)).toEqual(['paid_not_served']);
    expect(bodyOf(await world.take(purchase, await world.openGate()))).toBe('sunny');
    expect(await discrepancies(world)).toEqual(['paid_not_served: served']);
  });

  async function deadPurchase(world: PaymentWorld, name: Parameters<typeof world.gate.crashes.plan>[0]) {
    const purchase = world.purchase();
    world.gate.crashes.plan(name);
    await expect(world.take(purchase)).rejects.toThrow(Crash);
    await world.killGate(world.gate);
    return purchase;
  }
});

describe('an answer that is handed on while it arrives', () => {
  it('is kept for the retry of a buyer who left in its middle', async () => {
    const world = await open();
    world.upstream.next.push(() => arriving(['sun', 'ny']));
    const purchase = world.purchase();
    const outcome = await world.takeUnread(purchase);
    expect(outcome).toMatchObject({ kind: 'served', isReplay: false });
    const again = await world.take(purchase);
    expect([bodyOf(again), again.kind === 'served' && again.isReplay]).toEqual(['sunny', true]);
    expect(world.upstream.calls).toHaveLength(1);
  });

  it('is not kept where it is too large, and is asked for again', async () => {
    const world = await open();
    world.upstream.next.push(() => arriving(['x'.repeat(200_000), 'x'.repeat(200_000)]));
    const purchase = world.purchase();
    await world.take(purchase);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(world.upstream.calls).toHaveLength(2);
  });

  it('that breaks off is on record at once, and the upstream runs for the retry', async () => {
    const world = await open();
    world.upstream.next.push(() => arriving(['sun'], true));
    const purchase = world.purchase();
    await world.takeUnread(purchase);
    expect(await discrepancies(world)).toEqual(['paid_not_served']);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(await discrepancies(world)).toEqual(['paid_not_served: served']);
    expect(world.parts.settlement.sent).toHaveLength(1);
  });
});

describe('an answer that is too large to keep', () => {
  const large = 'x'.repeat(300_000);
  const post = (purchase: Purchase): Purchase => ({ ...purchase, method: 'POST' });

  it.each(['after', 'before'] as const)(
    'is asked of the upstream three times more for a GET, settled %s it',
    async (settleMode) => {
      const world = await openWorld({ settleMode });
      for (const _ of Array.from({ length: 5 })) world.upstream.next.push(() => answered(200, large));
      const purchase = world.purchase();
      for (const _ of Array.from({ length: 4 })) expect(bodyOf(await world.take(purchase))).toHaveLength(300_000);
      expect(codeOf(await world.take(purchase))).toBe('result_gone');
      expect(world.upstream.calls).toHaveLength(4);
      expect(new Set(world.upstream.calls).size).toBe(1);
      expect(world.parts.settlement.sent).toHaveLength(1);
    },
  );

  it.each(['after', 'before'] as const)('is gone for a POST that was served, settled %s it', async (settleMode) => {
    const world = await openWorld({ settleMode });
    world.upstream.next.push(() => answered(200, large));
    const purchase = post(world.purchase());
    expect(bodyOf(await world.take(purchase))).toHaveLength(300_000);
    expect(codeOf(await world.take(purchase))).toBe('result_gone');
    expect(world.upstream.calls).toHaveLength(1);
  });
});

describe('a failure of ours after money was sent', () => {
  it('once the upstream has run is repeated until it is written, and locks nothing', async () => {
    const world = await open();
    const { store } = world.gate.deps;
    let refusals = 0;
    const changeIntent: typeof store.changeIntent = (key, work) => {
      if (world.upstream.calls.length === 0 || refusals === 2) return store.changeIntent(key, work);
      refusals += 1;
      throw new StoreUnavailable('away');
    };
    const purchase = world.purchase();
    const broken = { ...world.gate, deps: { ...world.gate.deps, store: { ...store, changeIntent } } };
    expect(bodyOf(await world.take(purchase, broken))).toBe('sunny');
    expect(refusals).toBe(2);
    expect(only((await paymentOf(world)).attempts)).toMatchObject({ servedAtMs: expect.any(Number), leaseOwner: null });
    expect(await world.take(purchase)).toMatchObject({ kind: 'served', isReplay: true });
    expect(world.upstream.calls).toHaveLength(1);
    await world.finalize();
    expect(await discrepancies(world)).toEqual([]);
  });

  it('before the upstream runs is told as a doubt, and ends with the same payload', async () => {
    const world = await open();
    const { store } = world.gate.deps;
    let hasFailed = false;
    const changeIntent: typeof store.changeIntent = (key, work) => {
      // The first commit after the money was sent would begin the run.
      if (hasFailed || world.parts.settlement.sent.length === 0) return store.changeIntent(key, work);
      hasFailed = true;
      throw new Error('no such row');
    };
    const purchase = world.purchase();
    const broken = { ...world.gate, deps: { ...world.gate.deps, store: { ...store, changeIntent } } };
    const outcome = await world.take(purchase, broken);
    expect(outcome).toMatchObject({ code: 'payment_outcome_unknown', receipt: { errorReason: 'settlement_pending' } });
    expect(world.parts.failures.splice(0)).toEqual([expect.objectContaining({ message: 'no such row' })]);
    expect([world.upstream.calls, world.parts.settlement.sent.length]).toEqual([[], 1]);
    await world.killGate(world.gate);
    await world.mine(3);
    expect(bodyOf(await world.take(purchase, await world.openGate()))).toBe('sunny');
    await world.finalize();
    expect(await discrepancies(world)).toEqual([]);
  });
});
