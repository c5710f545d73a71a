import { describe, expect, it } from 'vitest';
import { handLinks, planSeed, seedBuyers, strayTransfers } from './plan-seed.js';

describe('planSeed', () => {
  it('is the same for the same number', () => {
    expect(planSeed(200, 3)).toEqual(planSeed(200, 3));
  });

  it('mixes what goes well with what goes wrong, over every endpoint and buyer there is', () => {
    const plan = planSeed(1_000, 4);
    const count = (kind: string) => plan.filter((step) => step.kind === kind).length;
    expect(plan).toHaveLength(1_000);
    expect([count('poor'), count('forged'), count('broken')]).toEqual([40, 20, 25]);
    expect([count('underpaid'), count('outdated')]).toEqual([17, 13]);
    expect(new Set(plan.map(({ endpoint }) => endpoint))).toEqual(new Set([0, 1, 2, 3]));
    expect(new Set(plan.map(({ buyer }) => buyer)).size).toBe(seedBuyers(1_000));
    expect(new Set(plan.map(({ version }) => version))).toEqual(new Set([1, 2]));
  });

  it('makes little of little', () => {
    expect([seedBuyers(1), strayTransfers(1), handLinks(1), planSeed(1, 1)[0]?.kind]).toEqual([1, 1, 0, 'paid']);
  });
});
