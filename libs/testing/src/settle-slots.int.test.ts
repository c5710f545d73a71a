import { describe, expect, it, vi } from 'vitest';
import { bodyOf, codeOf } from '../test/outcomes.js';
import { pause } from '../test/pause.js';
import { answered } from '../test/scripted-upstream.js';
import { useWorlds } from '../test/use-worlds.js';

const { open } = useWorlds();

describe('a gate with one place a payer', () => {
  it('claims nothing for whom there is none, keeps no other waiting, and takes the same payload later', async () => {
    const world = await open();
    world.parts.slotLimits = { perLane: 2, perPayer: 1, waitersPerLane: 1, waitersPerPayer: 1, waitMs: 20 };
    const gate = await world.openGate();
    const stall = pause();
    world.upstream.next.push(async () => {
      stall.reach();
      await stall.released;
      return answered(200, 'slow');
    });
    const slow = world.take(world.purchase({ payer: 'ann' }), gate);
    await stall.reached;
    const second = world.purchase({ payer: 'ann' });
    expect(codeOf(await world.take(second, gate))).toBe('gate_busy');
    const claimed = await world.db.rows('select attempt_id from attempts');
    expect(claimed).toHaveLength(1);
    expect(bodyOf(await world.take(world.purchase({ payer: 'bob' }), gate))).toBe('sunny');
    stall.release();
    expect(bodyOf(await slow)).toBe('slow');
    expect(bodyOf(await world.take(second, gate))).toBe('sunny');
    await world.finalize();
  });

  it('counts a payment at whoever settles it, and not at one who is down', async () => {
    const world = await open();
    const verify = async () => ({ kind: 'refused', rawReason: 'no' }) as const;
    const settle = () => Promise.reject(new Error('nothing is sent to it'));
    const remote = { facilitatorId: 'down', isReady: () => false, verify, settle };
    const chosen = [{ kind: 'remote', remote }, { kind: 'built_in' }] as const;
    world.parts.facilitators.use = { chosenFor: () => chosen, remoteOf: () => undefined };
    const gate = await world.openGate();
    const takes = vi.spyOn(gate.deps.settleSlots, 'take');
    expect(bodyOf(await world.take(world.purchase(), gate))).toBe('sunny');
    remote.isReady = () => true;
    expect(codeOf(await world.take(world.purchase(), gate))).toBe('verification_refused');
    const { bookId } = world.book;
    expect(takes.mock.calls.map(([lane]) => lane)).toEqual([`${bookId}/${world.chain.network}`, `${bookId}/down`]);
  });

  it('lets copies of one payment share its place', async () => {
    const world = await open();
    world.parts.slotLimits = { perLane: 1, perPayer: 1, waitersPerLane: 0, waitersPerPayer: 0, waitMs: 20 };
    const gate = await world.openGate();
    const purchase = world.purchase();
    const copies = await Promise.all(Array.from({ length: 5 }, () => world.take(purchase, gate)));
    expect(copies.map(bodyOf)).toEqual(Array.from({ length: 5 }, () => 'sunny'));
    expect(world.upstream.calls).toHaveLength(1);
  });
});
