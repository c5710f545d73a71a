import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Campaign, runCampaign } from '../../test/simulation/campaign.js';
import { keepScripts, keptScripts } from '../../test/simulation/kept-scripts.js';
import { mutants } from '../../test/simulation/mutants.js';
import { told, toldFinding, uncovered } from '../../test/simulation/report.js';
import { drawScript, type Script } from '../../test/simulation/script.js';
import { createWorldDatabase, type WorldDatabase } from '../../test/world-database.js';

/** Worlds that are played at once: one computes while the other waits for its database. */
const lanes = 2;
/** What a run of all tests has time for; `npm run test:sim` says how many it wants. */
const sliceMs = 8_000;
const seedsPerMutant = 50;
/** So many runs die at every failpoint, or one is not reached any more. */
const runsThatCover = 500;
const { SIM_SEEDS, SIM_FROM, SIM_MUTANTS } = process.env;

let databases: WorldDatabase[] = [];
beforeAll(async () => {
  databases = await Promise.all(Array.from({ length: lanes }, () => createWorldDatabase()));
});
afterAll(async () => {
  for (const database of databases) await database.drop();
});

function* scriptsFrom(first: number, count: number): Generator<Script> {
  for (let seed = first; seed < first + count; seed += 1) yield drawScript(seed);
}

function expectNothingFound({ findings }: Campaign): void {
  expect(findings.map(toldFinding).join('\n\n')).toBe('');
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const forever = { timeout: 86_400_000 };

describe('whatever happens to buyers, chain, nodes, facilitators and processes', () => {
  it('leaves the books of the final chain where it once did not', forever, async () => {
    const scripts = keptScripts().map(({ script }) => script);
    expectNothingFound(await runCampaign(databases, scripts, { shrinks: false }));
  });

  it.skipIf(SIM_SEEDS !== undefined)('leaves the books of the final chain', { timeout: 60_000 }, async () => {
    const endMs = performance.now() + sliceMs;
    const campaign = await runCampaign(databases, scriptsFrom(1, 100), { endMs, findingsMax: 1 });
    expect(campaign.runs).toBeGreaterThan(0);
    expectNothingFound(campaign);
  });

  it.skipIf(SIM_SEEDS === undefined || SIM_MUTANTS !== undefined)(
    'leaves the books of the final chain, for as many seeds as are asked for',
    forever,
    async () => {
      const campaign = await runCampaign(databases, scriptsFrom(Number(SIM_FROM), Number(SIM_SEEDS)), {});
      say(`\n${told(campaign)}`);
      keepScripts(campaign.findings);
      expectNothingFound(campaign);
      if (campaign.runs >= runsThatCover) expect(uncovered(campaign)).toEqual([]);
    },
  );

  describe.skipIf(SIM_MUTANTS === undefined)('but for a product that', () => {
    it.each(mutants)('$name', forever, async (mutant) => {
      const scripts = scriptsFrom(Number(SIM_FROM), seedsPerMutant);
      const campaign = await runCampaign(databases, scripts, { mutant, findingsMax: 1, shrinks: false });
      const [finding] = campaign.findings;
      say(
        `${mutant.name}: ${finding ? `caught after ${campaign.runs} seeds by ${finding.violations[0]?.invariant}` : 'NOT CAUGHT'}`,
      );
      expect(finding).toBeDefined();
    });
  });
});
