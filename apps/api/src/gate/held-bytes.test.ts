import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldBytes } from './held-bytes.js';

describe('HeldBytes', () => {
  it('has room until it is full, and again when somebody is done', () => {
    const held = new HeldBytes(100);
    const [first, second] = [held.open(), held.open()];
    first.take(60);
    expect(held.hasRoomFor(39)).toBe(true);
    expect(held.hasRoomFor(40)).toBe(false);
    expect([second.take(41), second.take(40), second.take(1)]).toEqual([false, true, false]);
    expect(held.hasRoomFor(0)).toBe(false);
    expect([held.now, held.takeMost()]).toEqual([100, 100]);
    first.release();
    first.release();
    expect(held.hasRoomFor(39)).toBe(true);
    expect([held.now, held.takeMost(), held.takeMost()]).toEqual([40, 100, 40]);
  });

  it('forgets nobody and nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(1_000))), (requests) => {
        const held = new HeldBytes(1_001);
        const holds = requests.map((pieces) => {
          const hold = held.open();
          for (const piece of pieces) hold.take(piece);
          return hold;
        });
        for (const hold of holds) hold.release();
        expect([held.hasRoomFor(1_000), held.hasRoomFor(1_001)]).toEqual([true, false]);
      }),
    );
  });
});
