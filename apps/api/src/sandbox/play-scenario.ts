import { randomBytes } from 'node:crypto';
import { uuidV7 } from '@tollbook/domain';
import { runScenario, type Scenario, type ScenarioStep, startFacilitator } from '@tollbook/sandbox';
import { demoSlug, systemContext } from '@tollbook/usecases';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';

type Scripted = Awaited<ReturnType<typeof startFacilitator>>;
type Opened = { readonly scripted: Scripted; readonly facilitatorId: string };

const scriptedName = 'Scripted (scenarios of the sandbox)';
const readyMsMax = 5_000;
const readyPollMs = 50;

/** Plays scenarios against this instance's own gate. The scripted facilitator is made when the first one needs it. */
export class ScenarioPlayer {
  private opening: Promise<Opened> | undefined;

  constructor(private readonly parts: ApiParts) {}

  /** Plays one to its end; `tell` hears each step, and `tellPayer` first of all who its buyer is. */
  async play(
    scenario: Scenario,
    { tell, tellPayer }: { tell: (step: ScenarioStep) => void; tellPayer: (payer: string) => void },
  ): Promise<void> {
    const { sandbox, config, scenarioFacilitators } = this.parts;
    if (!sandbox) throw new ProblemError('not_found', 'The sandbox is off.');
    const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${config.port}/g/${demoSlug}/weather`;
    await runScenario({
      scenario,
      url,
      state: sandbox,
      tell,
      tellPayer,
      script: async (payer, script) => {
        const { scripted, facilitatorId } = await this.open();
        scripted.scripts.set(payer.toLowerCase(), script);
        scenarioFacilitators.route(payer, facilitatorId);
      },
    });
  }

  private open(): Promise<Opened> {
    this.opening ??= this.make().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  /** The row that attempts name. It is disabled: nobody is sent there but the buyers of scenarios. */
  private async make(): Promise<Opened> {
    const { sandbox, setup, facilitatorStore, snapshot, facilitators } = this.parts;
    const book = sandbox && (await setup.bookOf(demoSlug, 'test'));
    if (!sandbox || !book) throw new ProblemError('not_found', 'The sandbox has no demo merchant.');
    const { bookId } = book;
    const scripted = await startFacilitator(sandbox);
    const change = (facilitatorId: string) => {
      return { bookId, facilitatorId, reason: 'Scenarios of the sandbox', by: systemContext };
    };
    const shared = { auth: 'none', credentialsSealed: null, verifiesFirst: false } as const;
    const builtIn = { ...shared, trustsRefusals: false, allowsPlainHttp: false, position: 0 };
    const listed = await facilitatorStore.list(bookId);
    for (const old of listed.filter(({ name }) => name === scriptedName)) {
      await facilitatorStore.remove(change(old.facilitatorId));
    }
    // A list takes the place of the built-in one alone, so that one has to stand in it.
    if (listed.every(({ name }) => name === scriptedName)) {
      await facilitatorStore.add(change(newId()), { ...builtIn, kind: 'built_in', name: 'Built in', url: null });
    }
    const facilitatorId = newId();
    const { url } = scripted;
    await facilitatorStore.add(change(facilitatorId), {
      ...shared,
      ...{ kind: 'remote', name: scriptedName, url, position: 1_000, trustsRefusals: true, allowsPlainHttp: true },
    });
    await facilitatorStore.change(change(facilitatorId), { isEnabled: false });
    const deadline = Date.now() + readyMsMax;
    for (;;) {
      await snapshot.poll();
      if (facilitators.sightOf(bookId, facilitatorId)?.kind === 'ready') return { scripted, facilitatorId };
      if (Date.now() > deadline) throw new Error('the scripted facilitator does not answer');
      await new Promise((resolve) => setTimeout(resolve, readyPollMs));
    }
  }
}

function newId(): string {
  return uuidV7(Date.now(), randomBytes(10));
}
