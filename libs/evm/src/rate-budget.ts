import { setTimeout as delay } from 'node:timers/promises';

export type RateBudgetOptions = {
  /** Milliseconds of any clock that never goes back; the process's by default. */
  readonly nowMs?: () => number;
  readonly wait?: (ms: number) => Promise<unknown>;
};

/**
 * Calls a second that a node is asked, as a bucket that holds one second's worth. What costs more than is there goes
 * once, and whoever comes next waits until it is paid back: a batch is never torn apart. First come, first served.
 */
export class RateBudget {
  private level: number;
  private filledAtMs: number;
  private last: Promise<void> = Promise.resolve();
  private readonly nowMs: () => number;
  private readonly wait: (ms: number) => Promise<unknown>;

  constructor(
    private readonly callsPerSecond: number,
    options: RateBudgetOptions = {},
  ) {
    this.nowMs = options.nowMs ?? (() => performance.now());
    this.wait = options.wait ?? ((ms) => delay(ms));
    this.level = callsPerSecond;
    this.filledAtMs = this.nowMs();
  }

  /** Resolves when as many calls may go. */
  take(calls: number): Promise<void> {
    this.last = this.last.then(() => this.draw(calls));
    return this.last;
  }

  private async draw(calls: number): Promise<void> {
    // A timer may come a little early, so it is looked again.
    for (let missing = this.missingMs(); missing > 0; missing = this.missingMs()) await this.wait(missing);
    this.level -= calls;
  }

  private missingMs(): number {
    const nowMs = this.nowMs();
    const filled = this.level + ((nowMs - this.filledAtMs) / 1000) * this.callsPerSecond;
    this.level = Math.min(filled, this.callsPerSecond);
    this.filledAtMs = nowMs;
    return this.level > 0 ? 0 : Math.ceil(((1 - this.level) / this.callsPerSecond) * 1000);
  }
}
