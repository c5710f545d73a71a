import type { WorldDatabase } from '../world-database.js';
import type { Mutant } from './mutants.js';
import { type RunResult, runScript } from './run-script.js';
import type { Script } from './script.js';
import type { Violation } from './violation.js';

/** A script that broke something, with as little in it as still does. */
export type Finding = { readonly script: Script; readonly violations: readonly Violation[] };

export type Campaign = {
  readonly runs: number;
  readonly steps: number;
  readonly events: number;
  readonly milliseconds: number;
  readonly tally: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
};

/** Runs of one script that look for a smaller one. */
const shrinksMax = 60;

/** Plays scripts, one after the other in each database, until they are all played, too many have failed, or time is up. */
export async function runCampaign(
  databases: readonly WorldDatabase[],
  scripts: Iterable<Script>,
  options: {
    readonly endMs?: number;
    readonly findingsMax?: number;
    readonly mutant?: Mutant;
    readonly shrinks?: boolean;
  },
): Promise<Campaign> {
  const { endMs = Number.POSITIVE_INFINITY, findingsMax = 3, mutant = null, shrinks = true } = options;
  const beganMs = performance.now();
  const waiting = scripts[Symbol.iterator]();
  const tally = new Map<string, number>();
  const findings: Finding[] = [];
  const sums = { runs: 0, steps: 0, events: 0 };
  const play = async (db: WorldDatabase) => {
    while (findings.length < findingsMax && performance.now() < endMs) {
      const { value: script, done } = waiting.next();
      if (done) return;
      const result = await runScript(db, script, mutant);
      sums.runs += 1;
      sums.steps += result.steps;
      sums.events += result.events;
      for (const [what, times] of result.tally) tally.set(what, (tally.get(what) ?? 0) + times);
      if (result.violations.length === 0) continue;
      findings.push(shrinks ? await shrink(db, script, result, mutant) : { script, violations: result.violations });
    }
  };
  if (mutant?.sql) for (const db of databases) await db.rows(mutant.sql.begin);
  await Promise.all(databases.map(play));
  if (mutant?.sql) for (const db of databases) await db.rows(mutant.sql.end);
  return { ...sums, milliseconds: performance.now() - beganMs, tally, findings };
}

/** Leaves out what is not needed to break the same invariant. */
async function shrink(db: WorldDatabase, script: Script, first: RunResult, mutant: Mutant | null): Promise<Finding> {
  const broken = new Set(first.violations.map(({ invariant }) => invariant));
  let smallest = { ...script, happenings: script.happenings.slice(0, first.steps + 1) };
  let { violations } = first;
  let runs = 0;
  for (let size = Math.ceil(smallest.happenings.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let at = 0; at < smallest.happenings.length && runs < shrinksMax; ) {
      const happenings = smallest.happenings.filter((_, index) => index < at || index >= at + size);
      runs += 1;
      const result = await runScript(db, { ...smallest, happenings }, mutant);
      if (result.violations.some(({ invariant }) => broken.has(invariant))) {
        smallest = { ...smallest, happenings };
        violations = result.violations;
      } else at += size;
    }
  }
  return { script: smallest, violations };
}
