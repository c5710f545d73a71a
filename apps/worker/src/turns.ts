/** Lets steps with the same key run one after the other, in the order they came. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();
  private readonly endedAt = new Map<string, number>();

  async take<T>(key: string, step: () => Promise<T>): Promise<T> {
    const mine = (this.last.get(key) ?? Promise.resolve()).then(step);
    // Whoever comes next waits for the end, not for success.
    const ended = mine.then(ignore, ignore).then(() => this.endedAt.set(key, performance.now()));
    this.last.set(key, ended);
    try {
      return await mine;
    } finally {
      if (this.last.get(key) === ended) this.last.delete(key);
    }
  }

  /** Milliseconds since a step with this key ended, well or badly; infinite before the first. */
  quietMs(key: string): number {
    return performance.now() - (this.endedAt.get(key) ?? Number.NEGATIVE_INFINITY);
  }
}

function ignore(): void {}
