import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryDelayMs, retryDelaysMs, retryJitter } from './retry-schedule.js';

const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the retry schedule', () => {
  it('tries at 0, 5 s, 30 s, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, each after the one before', () => {
    expect(retryDelaysMs.map((ms) => ms / 1000)).toEqual([
      0, 5, 30, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
    ]);
    expect(retryDelaysMs.slice(1).map((_, index) => retryDelayMs(index + 1, 0.5))).toEqual(retryDelaysMs.slice(1));
  });

  it('stays within a fifth of each delay, whatever the chance', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: retryDelaysMs.length - 1 }), chances, (tries, chance) => {
        const delay = retryDelayMs(tries, chance) ?? Number.NaN;
        const base = retryDelaysMs[tries] ?? Number.NaN;
        expect(delay).toBeGreaterThanOrEqual(base * (1 - retryJitter));
        expect(delay).toBeLessThanOrEqual(base * (1 + retryJitter));
      }),
    );
  });

  it('waits longer after every try, unless two chances meet at the edges', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: retryDelaysMs.length - 2 }), chances, (tries, chance) => {
        expect(retryDelayMs(tries + 1, chance)).toBeGreaterThan(retryDelayMs(tries, chance) ?? 0);
      }),
    );
  });

  it('gives up after the eleventh try, and stays given up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 11, max: 1_000 }), chances, (tries, chance) => {
        expect(retryDelayMs(tries, chance)).toBeNull();
      }),
    );
  });

  it('never spends more than four days on one delivery', () => {
    const longest = retryDelaysMs.reduce((sum, ms) => sum + ms * (1 + retryJitter), 0);
    expect(longest).toBeLessThan(4 * 86_400_000);
  });
});
