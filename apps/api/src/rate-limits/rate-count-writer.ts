import type { RateCountDraft, RateLimitStore, RateTally } from '@tollbook/usecases';

const writeMs = 5_000;
/** Counts older than a day are deleted this often. */
const forgetMs = 10 * 60 * 1000;
/** What waits for a database that is away; beyond it counts are lost, never money. */
const waitingMax = 5_000;

/** Writes down what the limits of this process let through and held back, so that all processes tell one number. */
export class RateCountWriter {
  private waiting: RateCountDraft[] = [];
  private writing: Promise<void> | undefined;
  private readonly forgottenAt = new Map<number, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tally: RateTally,
    private readonly store: Pick<RateLimitStore, 'saveCounts' | 'forgetCounts'>,
    private readonly report: (error: unknown) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.write(), writeMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.write();
  }

  /** Writes everything that was counted before the call. Never throws: what could not be written waits. */
  async write(): Promise<void> {
    // One that runs may have begun before the last count.
    await this.writing;
    this.writing ??= this.writeOnce().finally(() => {
      this.writing = undefined;
    });
    await this.writing;
  }

  private async writeOnce(): Promise<void> {
    const drafts = [...this.waiting, ...this.tally.drain()].slice(-waitingMax);
    this.waiting = [];
    for (const bookId of new Set(drafts.map((draft) => draft.bookId))) {
      const ofBook = drafts.filter((draft) => draft.bookId === bookId);
      try {
        await this.store.saveCounts(bookId, summed(ofBook));
        await this.forget(bookId);
      } catch (error) {
        if (this.waiting.length === 0) this.report(error);
        this.waiting.push(...ofBook);
      }
    }
  }

  private async forget(bookId: number): Promise<void> {
    const now = performance.now();
    if (now - (this.forgottenAt.get(bookId) ?? Number.NEGATIVE_INFINITY) < forgetMs) return;
    this.forgottenAt.set(bookId, now);
    await this.store.forgetCounts(bookId);
  }
}

/** One draft for each place and subject: a statement may write a row once. */
function summed(drafts: readonly RateCountDraft[]): RateCountDraft[] {
  const sums = new Map<string, RateCountDraft>();
  for (const draft of drafts) {
    const key = `${draft.endpointId}/${draft.side}/${draft.subject}`;
    const known = sums.get(key);
    const allowed = draft.allowed + (known?.allowed ?? 0);
    const throttled = draft.throttled + (known?.throttled ?? 0);
    sums.set(key, { ...draft, allowed, throttled });
  }
  return [...sums.values()];
}
