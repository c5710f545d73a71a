import type { DeliveryResult, DeliveryStore } from '@tollbook/usecases';
import { type FailureLog, isOutage } from './failure-log.js';

const batchMax = 100;
/** How long a result waits for others, so that many share a commit. */
const waitMs = 20;
const retryMs = 1_000;
/** After this long its lease is over, and whoever takes the delivery again records it. */
const keepMs = 60_000;

type Waiting = { readonly result: DeliveryResult; readonly sinceMs: number };

/** Records how tries ended, many in one commit. What the database does not take now is kept while it is of use. */
export class ResultBatch {
  private waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isFlushing = false;
  private isStopped = false;

  /** `onRecorded` hears of results that were recorded or given up. */
  constructor(
    private readonly store: Pick<DeliveryStore, 'finish'>,
    private readonly failures: FailureLog,
    private readonly onRecorded: (count: number) => void,
  ) {}

  /** Results that wait to be recorded. */
  get size(): number {
    return this.waiting.length;
  }

  /** Adds a result; `isLast` says that there is nothing to wait for. */
  add(result: DeliveryResult, isLast: boolean): void {
    this.waiting.push({ result, sinceMs: performance.now() });
    if (isLast || this.waiting.length >= batchMax) void this.flush();
    else this.flushIn(waitMs);
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private flushIn(ms: number): void {
    if (this.timer || this.isStopped) return;
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isFlushing) return;
    this.isFlushing = true;
    try {
      while (this.waiting.length > 0 && !this.isStopped) {
        const batch = this.waiting.splice(0, batchMax);
        if (!(await this.record(batch))) return;
      }
    } finally {
      this.isFlushing = false;
    }
  }

  /** Whether the database takes results now. */
  private async record(batch: readonly Waiting[]): Promise<boolean> {
    const step = 'record-deliveries';
    try {
      await this.finish(batch.map(({ result }) => result));
      this.failures.worked(step);
      this.onRecorded(batch.length);
      return true;
    } catch (error) {
      this.failures.failed(step, error);
      const kept = isOutage(error) ? batch.filter(({ sinceMs }) => performance.now() - sinceMs < keepMs) : [];
      this.waiting.unshift(...kept);
      if (kept.length < batch.length) this.onRecorded(batch.length - kept.length);
      this.flushIn(retryMs);
      return false;
    }
  }

  /** What receivers answered is theirs; should it ever be what the database refuses, the outcome alone is kept. */
  private async finish(results: readonly DeliveryResult[]): Promise<void> {
    try {
      await this.store.finish(results);
    } catch (error) {
      if (isOutage(error)) throw error;
      this.failures.failed('record-answers', error);
      await this.store.finish(
        results.map((result) => ({
          ...result,
          sent: result.sent && { ...result.sent, responseHeaders: null, responseBody: null },
        })),
      );
    }
  }
}
