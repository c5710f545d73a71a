import type { Logger } from '@tollbook/telemetry';
import type { ChainStore, Lease, ScheduleOutcome, ScheduleRunStore, ScheduleSight } from '@tollbook/usecases';
import type { FailureLog } from './failure-log.js';

/** What a run did, as numbers; all zero when there was nothing to do. */
export type RunCounts = Readonly<Record<string, number>>;

export type Schedule = {
  readonly name: string;
  readonly everyMs: number;
  /** Its work, under the schedule's lease. */
  readonly run: (lease: Lease) => Promise<RunCounts>;
};

type Deps = {
  readonly store: Pick<ChainStore, 'takeLease' | 'releaseLease'>;
  readonly runs: ScheduleRunStore;
  readonly holder: string;
  readonly failures: FailureLog;
  readonly logger: Pick<Logger, 'debug'>;
};

/** At least this long, so that a late tick changes no holder; at most this long, so that a dead holder is followed. */
const leaseMsMin = 5_000;
const leaseMsMax = 90_000;
/** Runs that found nothing to do are recorded together, a row a minute. */
const idleRecordMs = 60_000;
const stopTimeoutMs = 5_000;

type IdleRuns = { readonly startedAtMs: number; finishedAtMs: number; runs: number };

/**
 * Runs schedules, each alone: never beside itself, and in one process of many. A schedule that fails disturbs no other.
 */
export class ScheduleRunner {
  private readonly running = new Map<string, Promise<void>>();
  private readonly leases = new Map<string, Lease>();
  private readonly idle = new Map<string, IdleRuns>();
  private readonly sights = new Map<string, ScheduleSight>();
  private isStopped = false;

  constructor(private readonly deps: Deps) {}

  /** Runs it now, unless it runs already or another process does it. Never rejects. */
  async run(schedule: Schedule): Promise<void> {
    const { name } = schedule;
    if (this.isStopped || this.running.has(name)) return;
    if (!this.sights.has(name)) this.sights.set(name, { name, everyMs: schedule.everyMs, last: null });
    const mine = this.attempt(schedule).finally(() => this.running.delete(name));
    this.running.set(name, mine);
    await mine;
  }

  /** Every schedule that was called here, with its last run in this process. */
  schedules(): readonly ScheduleSight[] {
    return [...this.sights.values()];
  }

  /** Lets nothing new begin, waits for what runs (five seconds at most), and gives the leases back. */
  async stop(): Promise<void> {
    this.isStopped = true;
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, stopTimeoutMs);
    });
    await Promise.race([Promise.all(this.running.values()), timeUp]);
    clearTimeout(timer);
    for (const name of this.idle.keys()) await this.recordIdle(name);
    for (const lease of this.leases.values()) await this.deps.store.releaseLease(lease).catch(() => undefined);
  }

  private async attempt(schedule: Schedule): Promise<void> {
    const step = `schedule ${schedule.name}`;
    const startedAtMs = Date.now();
    try {
      const counts = await this.runUnderLease(schedule);
      if (counts === null) return;
      this.deps.failures.worked(step);
      const outcome = Object.values(counts).some((count) => count !== 0) ? 'done' : 'idle';
      await this.record(schedule, startedAtMs, outcome, counts);
    } catch (error) {
      this.deps.failures.failed(step, error);
      await this.record(schedule, startedAtMs, 'failed', {});
    }
  }

  /** Null where another process holds the schedule. A run that takes long keeps its lease alive. */
  private async runUnderLease({ name, everyMs, run }: Schedule): Promise<RunCounts | null> {
    const leaseMs = Math.min(Math.max(1.5 * everyMs, leaseMsMin), leaseMsMax);
    const take = () => this.deps.store.takeLease(`schedule/${name}`, this.deps.holder, leaseMs);
    const lease = await take();
    if (!lease) {
      this.leases.delete(name);
      return null;
    }
    this.leases.set(name, lease);
    const renewal = setInterval(() => void take().catch(() => undefined), leaseMs / 3);
    try {
      return await run(lease);
    } finally {
      clearInterval(renewal);
    }
  }

  private async record(
    { name, everyMs }: Schedule,
    startedAtMs: number,
    outcome: ScheduleOutcome,
    counts: RunCounts,
  ): Promise<void> {
    const finishedAtMs = Date.now();
    this.sights.set(name, { name, everyMs, last: { startedAtMs, finishedAtMs, outcome, counts } });
    if (outcome === 'idle') {
      const idle = this.idle.get(name) ?? { startedAtMs, finishedAtMs, runs: 0 };
      this.idle.set(name, { ...idle, finishedAtMs, runs: idle.runs + 1 });
      if (finishedAtMs - idle.startedAtMs >= idleRecordMs) await this.recordIdle(name);
      return;
    }
    await this.recordIdle(name);
    await this.save({ name, startedAtMs, finishedAtMs, outcome, counts });
  }

  private async recordIdle(name: string): Promise<void> {
    const idle = this.idle.get(name);
    if (!idle) return;
    this.idle.delete(name);
    const { startedAtMs, finishedAtMs, runs } = idle;
    await this.save({ name, startedAtMs, finishedAtMs, outcome: 'idle', counts: { runs } });
  }

  /** The record serves people; what a run did does not depend on it. */
  private async save(run: Parameters<ScheduleRunStore['save']>[0]): Promise<void> {
    try {
      await this.deps.runs.save(run);
    } catch (error) {
      this.deps.logger.debug({ schedule: run.name, err: error }, 'a run was not recorded');
    }
  }
}
