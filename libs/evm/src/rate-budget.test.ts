import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateBudget } from './rate-budget.js';

function openBudget(callsPerSecond: number) {
  const clock = { nowMs: 0 };
  const wait = async (ms: number) => {
    clock.nowMs += ms;
  };
  return { clock, budget: new RateBudget(callsPerSecond, { nowMs: () => clock.nowMs, wait }) };
}

describe('RateBudget', () => {
  it('lets a second of calls go at once, and then as many a second', async () => {
    const { clock, budget } = openBudget(10);
    for (let call = 0; call < 10; call += 1) await budget.take(1);
    expect(clock.nowMs).toBe(0);
    for (let call = 0; call < 20; call += 1) await budget.take(1);
    expect(clock.nowMs).toBeGreaterThanOrEqual(1_900);
    expect(clock.nowMs).toBeLessThanOrEqual(2_100);
  });

  it('sends a batch whole, and has it paid back before anything else goes', async () => {
    const { clock, budget } = openBudget(10);
    await budget.take(100);
    expect(clock.nowMs).toBe(0);
    await budget.take(1);
    expect(clock.nowMs).toBeGreaterThanOrEqual(9_000);
  });

  it('saves up no more than a second', async () => {
    const { clock, budget } = openBudget(10);
    clock.nowMs = 3_600_000;
    await budget.take(10);
    await budget.take(1);
    expect(clock.nowMs).toBeGreaterThan(3_600_000);
  });

  it('never lets more go in any stretch than its rate, a second and the last batch', async () => {
    const batches = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(batches, async (sizes) => {
        const { clock, budget } = openBudget(10);
        let gone = 0;
        for (const size of sizes) {
          await budget.take(size);
          expect(gone).toBeLessThanOrEqual(10 + (clock.nowMs / 1000) * 10);
          gone += size;
        }
      }),
    );
  });
});
