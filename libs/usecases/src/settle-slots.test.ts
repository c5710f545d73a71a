import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SettleSlots, type SlotLimits } from './settle-slots.js';

const limits: SlotLimits = { perLane: 3, perPayer: 2, waitersPerLane: 4, waitersPerPayer: 2, waitMs: 60_000 };
const staying = new AbortController().signal;

/** Slots, and who is in, in the order in which they came in. */
function open(changes: Partial<SlotLimits> = {}) {
  const slots = new SettleSlots({ ...limits, ...changes });
  const inside: { readonly payer: string; readonly leave: () => void }[] = [];
  const refused: string[] = [];
  const come = async (payer: string, signal = staying, lane = 'signer') => {
    const leave = await slots.take(lane, payer, signal);
    if (leave) inside.push({ payer, leave });
    else refused.push(payer);
  };
  return { slots, come, refused, inside, names: () => inside.map(({ payer }) => payer) };
}

/** Lets everything happen that needs no time. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('SettleSlots', () => {
  it('keeps room for others, however many payments one payer brings', async () => {
    const { come, names, refused } = open();
    for (const payer of ['ann', 'ann', 'ann', 'ann', 'ann', 'bob']) void come(payer);
    await settled();
    expect(names()).toEqual(['ann', 'ann', 'bob']);
    expect(refused).toEqual(['ann']);
  });

  it('lets those who wait in by turns', async () => {
    const { come, inside, names } = open();
    for (const payer of ['ann', 'ann', 'bob', 'bob', 'ann', 'ann', 'cy']) void come(payer);
    await settled();
    for (let round = 0; round < 4; round += 1) {
      inside[round]?.leave();
      await settled();
    }
    expect(names()).toEqual(['ann', 'ann', 'bob', 'ann', 'bob', 'cy', 'ann']);
  });

  it('refuses whom no more may wait with, and whoever waited too long', async () => {
    const { come, refused } = open({ waitMs: 20 });
    const all = ['ann', 'ann', 'bob', 'cy', 'di', 'ed', 'flo', 'gus'].map((payer) => come(payer));
    await settled();
    expect(refused).toEqual(['gus']);
    await Promise.all(all.slice(3));
    expect(refused).toEqual(['gus', 'cy', 'di', 'ed', 'flo']);
  });

  it('lets nobody in who has left', async () => {
    const { slots, come, inside, names, refused } = open();
    for (const payer of ['ann', 'ann', 'bob']) void come(payer);
    const leaving = new AbortController();
    void come('cy', leaving.signal);
    void come('di');
    leaving.abort();
    await settled();
    inside[0]?.leave();
    await settled();
    expect([names(), refused]).toEqual([['ann', 'ann', 'bob', 'di'], ['cy']]);
    for (const { leave } of inside.slice(1)) leave();
    expect(slots.size).toBe(0);
  });

  it('knows nothing of another lane', async () => {
    const { come, names } = open();
    for (const payer of ['ann', 'ann', 'bob']) void come(payer);
    void come('ann', staying, 'facilitator');
    await settled();
    expect(names()).toHaveLength(4);
  });

  it('never lets more in than there are places, leaves none empty that somebody waits for, and forgets all', async () => {
    const payer = fc.constantFrom('ann', 'bob', 'cy');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(payer, fc.nat(5)), { maxLength: 40 }), async (moves) => {
        const { slots, come, inside } = open({ waitersPerLane: 100, waitersPerPayer: 100 });
        let came = 0;
        let left = 0;
        const gone = new Set<number>();
        for (const move of moves) {
          if (typeof move === 'string') {
            came += 1;
            void come(move);
          } else if (inside[move] && !gone.has(move)) {
            gone.add(move);
            left += 1;
            inside[move].leave();
          }
          await Promise.resolve();
          await Promise.resolve();
          const now = inside.filter((_, at) => !gone.has(at));
          expect(now.length).toBeLessThanOrEqual(3);
          for (const name of ['ann', 'bob', 'cy']) {
            expect(now.filter((each) => each.payer === name).length).toBeLessThanOrEqual(2);
          }
        }
        for (let at = 0; at < inside.length; at += 1) {
          if (gone.has(at)) continue;
          gone.add(at);
          left += 1;
          inside[at]?.leave();
          await settled();
        }
        expect([left, slots.size]).toEqual([came, 0]);
      }),
      { numRuns: 50 },
    );
  });
});
