import { Inject, Injectable } from '@nestjs/common';
import type { NodeSight, QueueSight, WorkerReport } from '@tollbook/usecases';
import type { WorkerParts } from './composition.js';
import { HeadWatcher } from './head-watcher.js';
import { workerParts } from './tokens.js';

const everyMs = 5_000;
/** The last report must not keep the process from ending. */
const lastReportMsMax = 500;

/** Tells every five seconds what this process sees, for the health page; what fails is told again next time. */
@Injectable()
export class WorkerReporter {
  private readonly startedAtMs = Date.now();
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(
    @Inject(workerParts) private readonly parts: WorkerParts,
    private readonly watcher: HeadWatcher,
  ) {}

  start(): void {
    this.telling = this.tell().finally(() => {
      if (!this.isStopped) this.timer = setTimeout(() => this.start(), everyMs);
    });
  }

  /** Tells that the process ends, once what is being told is told. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, lastReportMsMax);
    });
    const last = this.telling.then(() => this.save({ ...this.report(), queues: null }, true));
    await Promise.race([last, timeUp]);
    clearTimeout(timer);
  }

  private async tell(): Promise<void> {
    const queues = await this.queues();
    if (!this.isStopped) await this.save({ ...this.report(), queues }, false);
  }

  private async save(report: WorkerReport, hasEnded: boolean): Promise<void> {
    const { failures, reports, deps, usage, usageStore } = this.parts;
    try {
      await reports.save(deps.holder, report, hasEnded);
      await usage.keep(usageStore);
      failures.worked('report');
    } catch (error) {
      failures.failed('report', error);
    }
  }

  private report(): Omit<WorkerReport, 'queues'> {
    const { nodes, runner, queueBackend, gasWatch } = this.parts;
    const sights = nodes.networks().flatMap((network): NodeSight[] => {
      const node = nodes.nodeOf(network);
      if (!node) return [];
      const sight = this.watcher.sightOf(network);
      return node.pool.nodes().flatMap(({ name, state, reason }) => {
        const tally = node.tallies.get(name);
        return tally
          ? [{ network, name, ...sight, ...tally.read(), refusal: state === 'refused' ? reason : null }]
          : [];
      });
    });
    return {
      startedAtMs: this.startedAtMs,
      queueBackend,
      nodes: sights,
      gas: gasWatch.sights(),
      schedules: runner.schedules(),
    };
  }

  /** A queue that does not answer is told of by whoever needs it. */
  private async queues(): Promise<QueueSight[] | null> {
    try {
      const counts = await this.parts.queues.counts();
      return Object.entries(counts).map(([name, { waiting, active, delayed, failed }]) => {
        return { name, waiting, active, delayed, failed };
      });
    } catch {
      return null;
    }
  }
}
