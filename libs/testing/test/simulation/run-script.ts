import { FakeChain, testAsset } from '@tollbook/testing';
import { codeOf } from '../outcomes.js';
import { PaymentWorld } from '../payment-world.js';
import type { WorldDatabase } from '../world-database.js';
import { signedKey } from './deals.js';
import { Invariants } from './invariants.js';
import type { Mutant } from './mutants.js';
import type { Script } from './script.js';
import { Simulation } from './simulation.js';
import type { Violation } from './violation.js';

export type RunResult = {
  readonly violations: readonly Violation[];
  /** How many happenings were reached. */
  readonly steps: number;
  readonly tally: ReadonlyMap<string, number>;
  readonly events: number;
};

/** Plays a script in a world of its own, and checks everything that must hold; stops at the first violation. */
export async function runScript(db: WorldDatabase, script: Script, mutant: Mutant | null = null): Promise<RunResult> {
  const { setup, seed } = script;
  const { network, contract } = testAsset;
  const startUnixSeconds = Math.floor(Date.now() / 1000) - 100;
  const { finalLag, blockSeconds, confirmDepth, settleMode } = setup;
  const chain = new FakeChain({ network, contract, startUnixSeconds, finalLag, blockSeconds });
  chain.mine(Math.max(20, finalLag + 10));
  const world = await PaymentWorld.open(db, { chain, seed: `simulation ${seed}`, settleMode, confirmDepth });
  const simulation = await Simulation.begin(world, script, mutant);
  const invariants = new Invariants(simulation);
  let steps = 0;
  for (const happening of script.happenings) {
    await simulation.happen(happening);
    await invariants.afterStep();
    steps += 1;
    if (simulation.violations.length > 0) break;
  }
  if (simulation.violations.length === 0) {
    await simulation.settle();
    await invariants.atRest();
  }
  if (simulation.violations.length === 0) await repeatHarmlessly(simulation);
  if (simulation.violations.length === 0 && setup.endsBelow) await freezeUntouched(simulation);
  simulation.count('fault: commit or its answer lost', simulation.lostCommits);
  const [counted] = await db.rows<{ events: number }>('select count(*)::integer as events from events');
  return { violations: simulation.violations, steps, tally: simulation.tally, events: counted?.events ?? 0 };
}

const rowsThatStay = `select (select count(*) from transfers) || ' transfers, ' || (select count(*) from allocations)
  || ' allocations, ' || (select count(*) from ledger_entries) || ' entries, ' || (select count(*) from events)
  || ' events, ' || (select md5(string_agg(intent_id || status || sequence, ',' order by intent_id)) from payment_intents)
  as told`;

/** A chain that changes what was final stops its network, and rewrites nothing (I13). */
async function freezeUntouched(simulation: Simulation): Promise<void> {
  const { db } = simulation.world;
  const [before] = await db.rows<{ told: string }>(rowsThatStay);
  const ended = await simulation.breakFinality();
  const [after] = await db.rows<{ told: string }>(rowsThatStay);
  simulation.count('fault: reorg below the final block');
  if (ended !== 'frozen frozen') simulation.violate('I13 a changed final block freezes', ended);
  if (before?.told !== after?.told) simulation.violate('I13 final is final', `${before?.told} became ${after?.told}`);
}

/** Nothing that is done again adds anything (I29); what is paid is served to whoever shows it. */
async function repeatHarmlessly(simulation: Simulation): Promise<void> {
  const { db } = simulation.world;
  const attempts = await db.rows<{ payer: string; nonce: string; status: string }>(
    `select '0x' || encode(payer, 'hex') as payer, '0x' || encode(nonce, 'hex') as nonce, status
     from attempts where sent_at is not null`,
  );
  const statusOf = new Map(attempts.map(({ payer, nonce, status }) => [signedKey(payer, nonce), status]));
  const [before] = await db.rows<{ told: string }>(rowsThatStay);
  const outcomes = await simulation.repeat(new Set(statusOf.keys()));
  const [after] = await db.rows<{ told: string }>(rowsThatStay);
  if (before?.told !== after?.told) {
    simulation.violate('I29 what is repeated adds nothing', `${before?.told} became ${after?.told}`);
  }
  for (const [{ intentId, purchase }, outcome] of outcomes) {
    const { from, nonce } = purchase.presented.authorization;
    const status = statusOf.get(signedKey(from, nonce));
    if (status === 'final' && outcome.kind !== 'served') {
      simulation.violate('I24 what was paid is served', `${intentId}: ${codeOf(outcome)}`);
    }
    if (status === 'failed' && outcome.kind === 'served') {
      simulation.violate('I25 what is not paid is not served', intentId);
    }
  }
}
