import { describe, expect, it } from 'vitest';
import { afterDeath, noDeaths, type RestartState, type RestartVerdict, restartLimits } from './restart-policy.js';

/** Deaths at these times, each after this long in health; the verdicts in order. */
function die(deaths: readonly { atMs: number; healthyForMs?: number }[]): RestartVerdict[] {
  let state: RestartState = noDeaths;
  return deaths.map(({ atMs, healthyForMs = 0 }) => {
    const verdict = afterDeath(state, { nowMs: atMs, healthyForMs });
    if (verdict.kind === 'restart') state = verdict.state;
    return verdict;
  });
}

describe('afterDeath', () => {
  it('doubles the delay from 0.2 s up to 5 s', () => {
    const everyFiveMinutes = Array.from({ length: 8 }, (_, index) => ({ atMs: index * 300_000 }));
    const delays = die(everyFiveMinutes).map((verdict) => verdict.kind === 'restart' && verdict.delayMs);
    expect(delays).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
  });

  it('begins with the shortest delay again after 30 s of health', () => {
    const [, second, third] = die([
      { atMs: 0 },
      { atMs: 40_000, healthyForMs: restartLimits.healthyMs - 1 },
      { atMs: 80_000, healthyForMs: restartLimits.healthyMs },
    ]);
    expect(second).toMatchObject({ delayMs: 400 });
    expect(third).toMatchObject({ delayMs: 200 });
  });

  it('gives up at the sixth death within a minute', () => {
    const verdicts = die([0, 1, 2, 3, 4, 5].map((second) => ({ atMs: second * 11_000 })));
    expect(verdicts.slice(0, 5).every((verdict) => verdict.kind === 'restart')).toBe(true);
    expect(verdicts[5]).toEqual({ kind: 'give_up', deaths: 6 });
  });

  it('never gives up on deaths that are more than a minute apart', () => {
    const verdicts = die(Array.from({ length: 50 }, (_, index) => ({ atMs: index * 12_500 })));
    expect(verdicts.every((verdict) => verdict.kind === 'restart')).toBe(true);
  });

  it('counts deaths of the last minute only, also across healthy times', () => {
    const verdicts = die(Array.from({ length: 6 }, (_, index) => ({ atMs: index * 10_000, healthyForMs: 40_000 })));
    expect(verdicts[5]).toEqual({ kind: 'give_up', deaths: 6 });
  });
});
