/** Purchases that this process is working on, so that copies of one wait here instead of asking the database. */
export class InFlight {
  private readonly running = new Map<string, Promise<void>>();
  private readonly waiters = new Map<string, number>();
  private total = 0;

  isRunning(key: string): boolean {
    return this.running.has(key);
  }

  /** Runs `work` as the one that others with this key wait for. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    let finish = () => {};
    const done = new Promise<void>((resolve) => {
      finish = resolve;
    });
    this.running.set(key, done);
    try {
      return await work();
    } finally {
      if (this.running.get(key) === done) this.running.delete(key);
      finish();
    }
  }

  /**
   * Waits until the run of this key ends or `milliseconds` have passed, whichever comes first; at once false when too
   * many wait already (32 a payment, 1,000 a process).
   */
  async wait(key: string, milliseconds: number): Promise<boolean> {
    const waiting = this.waiters.get(key) ?? 0;
    if (waiting >= waitersPerPaymentMax || this.total >= waitersMax) return false;
    this.waiters.set(key, waiting + 1);
    this.total += 1;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    try {
      await Promise.race([this.running.get(key) ?? timeout, timeout]);
      return true;
    } finally {
      clearTimeout(timer);
      this.total -= 1;
      const left = (this.waiters.get(key) ?? 1) - 1;
      if (left === 0) this.waiters.delete(key);
      else this.waiters.set(key, left);
    }
  }
}

const waitersPerPaymentMax = 32;
const waitersMax = 1000;
