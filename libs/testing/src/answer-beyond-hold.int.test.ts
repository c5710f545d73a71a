import type { UpstreamOutcome } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { Crash } from '../test/crash.js';
import { bodyOf, codeOf } from '../test/outcomes.js';
import { only } from '../test/payment-world.js';
import { arriving } from '../test/scripted-upstream.js';
import { useWorlds } from '../test/use-worlds.js';
import { attempts, discrepancies, paymentOf, story } from '../test/world-view.js';

const { open } = useWorlds();

/** An answer that arrives, and whether nobody wants it any more. */
function watched(pieces: readonly string[], breaks = false): { outcome: UpstreamOutcome; isCanceled: () => boolean } {
  const outcome = arriving(pieces, breaks);
  let isCanceled = false;
  const stream = outcome.kind === 'answered' ? outcome.answer.stream : undefined;
  if (outcome.kind !== 'answered' || !stream) throw new Error('an answer that arrives has a stream');
  const cancel = () => {
    isCanceled = true;
  };
  return {
    outcome: { ...outcome, answer: { ...outcome.answer, stream: { ...stream, cancel } } },
    isCanceled: () => isCanceled,
  };
}

describe('an answer that cannot be held, where money moves after it', () => {
  it('is handed on once money has moved, and kept for a retry', async () => {
    const world = await open();
    const { outcome, isCanceled } = watched(['sun', 'ny']);
    world.upstream.next.push(() => {
      expect(world.parts.settlement.sent).toEqual([]);
      return outcome;
    });
    const purchase = world.purchase();
    const served = await world.take(purchase);
    expect(served).toMatchObject({ kind: 'served', isReplay: false, receipt: { isSuccess: true } });
    expect([world.parts.settlement.sent.length, isCanceled()]).toEqual([1, false]);
    expect(only((await paymentOf(world)).attempts)).toMatchObject({ settleMode: 'before', leaseOwner: null });
    const again = await world.take(purchase);
    expect([bodyOf(again), again.kind === 'served' && again.isReplay]).toEqual(['sunny', true]);
    await world.finalize();
    expect(story(await paymentOf(world))).toEqual(['processing', 'confirmed', 'final']);
    expect([world.upstream.calls.length, await discrepancies(world)]).toEqual([1, []]);
  });

  it('is on record at once where it breaks off, and delivered for the same payment', async () => {
    const world = await open();
    world.upstream.next.push(() => watched(['sun'], true).outcome);
    const purchase = world.purchase();
    await world.takeUnread(purchase);
    expect(await discrepancies(world)).toEqual(['paid_not_served']);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(await discrepancies(world)).toEqual(['paid_not_served: served']);
    expect([world.parts.settlement.sent.length, new Set(world.upstream.calls).size]).toEqual([1, 1]);
  });

  it('is read no further while the outcome is unknown, and asked for anew once the chain shows the money', async () => {
    const world = await open();
    const { outcome, isCanceled } = watched(['sun', 'ny']);
    world.upstream.next.push(() => outcome);
    world.parts.settlement.scripts.push({ says: 'uncertain', isBroadcast: true });
    const purchase = world.purchase();
    expect(codeOf(await world.take(purchase))).toBe('payment_outcome_unknown');
    expect(isCanceled()).toBe(true);
    await world.mine(3);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(world.upstream.calls).toHaveLength(2);
    await world.finalize();
    expect(await discrepancies(world)).toEqual([]);
  });

  it('is read no further for a buyer who left before money moved, and costs nothing', async () => {
    const world = await open();
    const buyer = new AbortController();
    const { outcome, isCanceled } = watched(['sun', 'ny']);
    world.upstream.next.push(() => outcome);
    const { settlement } = world.parts;
    const { prepare } = settlement;
    settlement.prepare = async (signed) => {
      buyer.abort();
      return prepare(signed);
    };
    expect(codeOf(await world.take(world.purchase({ signal: buyer.signal })))).toBe('buyer_gone');
    settlement.prepare = prepare;
    expect([settlement.sent.length, isCanceled()]).toEqual([0, true]);
    expect(attempts(await paymentOf(world))).toEqual(['failed buyer_gone']);
  });

  it.each(['submitting_committed', 'settlement_sent', 'answer_sent'] as const)(
    'is delivered by another process where this one dies at %s',
    async (name) => {
      const world = await open();
      const { outcome } = watched(['sun', 'ny']);
      world.upstream.next.push(() => outcome);
      const purchase = world.purchase();
      world.gate.crashes.plan(name);
      await expect(world.take(purchase)).rejects.toThrow(Crash);
      await world.killGate(world.gate);
      expect(bodyOf(await world.take(purchase, await world.openGate()))).toBe('sunny');
      expect(new Set(world.parts.settlement.sent.map(({ txHash }) => txHash)).size).toBe(1);
      expect(new Set(world.upstream.calls).size).toBe(1);
      await world.finalize();
      expect(await discrepancies(world)).toEqual([]);
    },
  );
});

describe('a body that can be read only once', () => {
  it('is not taken by terms under which the upstream answers first', async () => {
    const world = await open();
    const outcome = await world.take({ ...world.purchase(), isBodyStreamed: true });
    expect(codeOf(outcome)).toBe('request_too_large');
    expect([world.upstream.calls, world.parts.settlement.sent]).toEqual([[], []]);
  });
});
