import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ensurePartitions } from '@tollbook/db';
import { mineBlocks } from '@tollbook/sandbox';
import { expireIntents, type Lease, resolveUnknown, sweepAttempts } from '@tollbook/usecases';
import { backfillAllChains } from './backfill-all-chains.js';
import { catchUp } from './catch-up.js';
import { checkAllChains } from './check-all-chains.js';
import { checkLedgers } from './check-ledgers.js';
import { checkSums } from './check-sums.js';
import type { WorkerParts } from './composition.js';
import { HeadWatcher } from './head-watcher.js';
import { noProofs, proveAllBooks } from './prove-all-books.js';
import type { RunCounts } from './schedule-runner.js';
import { workerParts } from './tokens.js';
import { turnSealKeys } from './turn-seal-keys.js';

const second = 1_000;
const hour = 3_600_000;
/** A block, and enough on top of it that the sandbox's chain calls it final. */
const finalBlocks = 9;
/** Deliveries of removed endpoints that one run ends. */
const droppedMax = 1_000;
/** Deliveries that one run makes due again: so many a second are more than any receiver takes. */
const recoveredMax = 2_000;

/** The clock of the worker. Each method is one schedule; what it does is decided elsewhere. */
@Injectable()
export class Schedules {
  private readonly lastProofs = noProofs();

  constructor(
    @Inject(workerParts) private readonly parts: WorkerParts,
    private readonly watcher: HeadWatcher,
  ) {}

  /** What cannot wait for its first tick. */
  async runFirst(): Promise<void> {
    await Promise.all([this.sealKeys(), this.partitions(), this.catchUp(), this.gasBalance()]);
  }

  @Interval('resolve-unknown', second)
  resolveUnknown(): Promise<void> {
    return this.run('resolve-unknown', second, async (lease) => {
      const { waitingFor, ...counts } = await resolveUnknown(this.parts.deps, lease);
      // The end of an authorization is proved at a final block, so blocks are wanted on top of it.
      const mined = await this.wakeSandbox(waitingFor, finalBlocks);
      return this.told({ ...counts, mined }, counts.failed);
    });
  }

  @Interval('sweep', 5 * second)
  sweep(): Promise<void> {
    return this.run('sweep', 5 * second, async (lease) => {
      const counts = await sweepAttempts(this.parts.deps, lease);
      return this.told(counts, sum(counts));
    });
  }

  @Interval('catch-up', 2 * second)
  catchUp(): Promise<void> {
    this.watcher.watchAll();
    return this.run('catch-up', 2 * second, () => catchUp(this.parts));
  }

  @Interval('deliver', second)
  deliver(): Promise<void> {
    return this.run('deliver', second, async () => {
      const recovered = await this.parts.deliveries.recover(recoveredMax);
      const begun = await this.parts.pump.wake();
      return { recovered, begun, dropped: await this.parts.deliveries.dropRemoved(droppedMax) };
    });
  }

  @Interval('expire', 10 * second)
  expire(): Promise<void> {
    return this.run('expire', 10 * second, async (lease) => {
      const { expired, waitingFor } = await expireIntents(this.parts.deps, lease);
      const mined = await this.wakeSandbox(waitingFor);
      return this.told({ expired, mined }, expired);
    });
  }

  @Interval('books-proof', 60 * second)
  proveBooks(): Promise<void> {
    return this.run('books-proof', 60 * second, () => proveAllBooks(this.parts, this.lastProofs));
  }

  @Interval('check-ledgers', hour)
  checkLedgers(): Promise<void> {
    return this.run('check-ledgers', hour, () => checkLedgers(this.parts));
  }

  @Interval('check-sums', 10 * 60 * second)
  checkSums(): Promise<void> {
    return this.run('check-sums', 10 * 60 * second, () => checkSums(this.parts));
  }

  @Interval('check-chain', 30 * second)
  checkChain(): Promise<void> {
    return this.run('check-chain', 30 * second, async () => {
      const counts = await checkAllChains(this.parts);
      return this.told(counts, counts.found);
    });
  }

  @Interval('backfill', 5 * second)
  backfill(): Promise<void> {
    return this.run('backfill', 5 * second, async () => {
      const counts = await backfillAllChains(this.parts);
      return this.told(counts, counts.transfers);
    });
  }

  @Interval('gas-balance', 30 * second)
  gasBalance(): Promise<void> {
    return this.run('gas-balance', 30 * second, () => this.parts.gasWatch.look());
  }

  @Interval('seal-keys', hour)
  sealKeys(): Promise<void> {
    return this.run('seal-keys', hour, async () => {
      await turnSealKeys(this.parts);
      return {};
    });
  }

  @Interval('partitions', hour)
  partitions(): Promise<void> {
    return this.run('partitions', hour, async () => {
      const { created, dropped } = await ensurePartitions(this.parts.pool, new Date());
      await this.parts.deps.sweep.pruneRollupHours();
      return { created: created.length, dropped: dropped.length };
    });
  }

  private run(name: string, everyMs: number, run: (lease: Lease) => Promise<RunCounts>): Promise<void> {
    return this.parts.runner.run({ name, everyMs, run });
  }

  /** Changes tell merchants something: their events are relayed at once. */
  private async told<Counts extends RunCounts>(counts: Counts, changes: number): Promise<Counts> {
    if (changes > 0) await this.parts.queues.enqueue({ kind: 'relay-outbox' });
    return counts;
  }

  /** The sandbox's chain mines only when there is work; its clock stands still meanwhile. */
  private async wakeSandbox(networks: readonly string[], blocks = 1): Promise<number> {
    const nodes = networks.flatMap((network) => this.parts.nodes.nodeOf(network) ?? []);
    const resting = nodes.filter((node) => node.isSandbox);
    for (const node of resting) {
      for (let mined = 0; mined < blocks; mined += 1) await mineBlocks(node.rpcUrls[0] ?? '', 1);
    }
    return resting.length;
  }
}

function sum(counts: RunCounts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
