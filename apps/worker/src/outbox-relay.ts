import type { ChainStore, Failpoint, SweepStore } from '@tollbook/usecases';
import { giveBack } from './give-back.js';
import { Turns } from './turns.js';

const leaseName = 'relay';
const leaseMs = 5_000;
const batchMax = 500;
/** Batches of one call, so that a long outbox does not keep a job from ending. */
const batchesMax = 40;

type Deps = {
  readonly store: Pick<ChainStore, 'takeLease' | 'releaseLease'>;
  readonly sweep: Pick<SweepStore, 'relayOutbox' | 'foldRollups'>;
  readonly failpoint: Failpoint;
  readonly holder: string;
};

/** Gives written events their place in the feed, and appended counts theirs in the sums: one process, one call at a time. */
export class OutboxRelay {
  private readonly turns = new Turns();

  constructor(private readonly deps: Deps) {}

  /** Resolves to how many events found their place; none where another process relays. */
  run(): Promise<number> {
    return this.turns.take(leaseName, () => this.relay());
  }

  /** Milliseconds since this process last looked. */
  quietMs(): number {
    return this.turns.quietMs(leaseName);
  }

  private async relay(): Promise<number> {
    const { store, sweep, failpoint, holder } = this.deps;
    let relayed = 0;
    for (let batch = 0; batch < batchesMax; batch += 1) {
      if (!(await store.takeLease(leaseName, holder, leaseMs))) return relayed;
      failpoint('relay_open');
      const count = await sweep.relayOutbox(batchMax);
      relayed += count;
      const folded = await sweep.foldRollups(batchMax);
      if (count < batchMax && folded < batchMax) break;
    }
    await giveBack(store, leaseName, holder);
    return relayed;
  }
}
