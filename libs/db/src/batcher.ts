import { StoreUnavailable } from '@tollbook/usecases';
import { Conflict, isTooSlow } from './store-failure.js';

/** Enough to share the cost of a commit; few enough that a batch is no long wait for those behind it. */
const itemsMax = 128;
/** One batch fills up while another is on its way. */
const inFlightMax = 2;

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

type Book<Item, Result> = { waiting: Waiting<Item, Result>[]; inFlight: number; isGathering: boolean };

export type BatchWork<Item, Result> = {
  /** Items of one key never share a batch; undefined for one that meets no other. */
  readonly keyOf: (item: Item) => string | undefined;
  /** Commits all or nothing; resolves to a result for each item, in their order. */
  readonly run: (bookId: number, items: readonly Item[]) => Promise<readonly Result[]>;
};

/**
 * Gathers what one process writes at the same time, so that many payments share a commit. Whoever finds nobody before
 * him waits for no more than the end of this turn of the event loop; whoever comes while two batches of his book are on
 * their way goes with all who wait when one of them returns. A batch that fails is tried again item by item, so that one bad item fails alone.
 */
export class Batcher<Item, Result> {
  private readonly books = new Map<number, Book<Item, Result>>();

  constructor(private readonly work: BatchWork<Item, Result>) {}

  add(bookId: number, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const book = this.books.get(bookId) ?? { waiting: [], inFlight: 0, isGathering: false };
      this.books.set(bookId, book);
      book.waiting.push({ item, resolve, reject });
      this.gather(bookId, book);
    });
  }

  /** Whom one turn of the event loop brings goes together: an answer to many wakes many at once. */
  private gather(bookId: number, book: Book<Item, Result>): void {
    if (book.isGathering || book.inFlight === inFlightMax) return;
    book.isGathering = true;
    setImmediate(() => {
      book.isGathering = false;
      void this.send(bookId, book);
    });
  }

  private async send(bookId: number, book: Book<Item, Result>): Promise<void> {
    book.inFlight += 1;
    const sending = this.runBatch(bookId, this.nextBatch(book));
    if (book.waiting.length > 0) this.gather(bookId, book);
    await sending;
    book.inFlight -= 1;
    if (book.waiting.length > 0) this.gather(bookId, book);
    else if (book.inFlight === 0) this.books.delete(bookId);
  }

  /** In the order they came; one whose key is in already waits for the next. */
  private nextBatch(book: Book<Item, Result>): Waiting<Item, Result>[] {
    const keys = new Set<string>();
    const batch: Waiting<Item, Result>[] = [];
    const left: Waiting<Item, Result>[] = [];
    for (const each of book.waiting) {
      const key = this.work.keyOf(each.item);
      const isFree = batch.length < itemsMax && (key === undefined || !keys.has(key));
      if (isFree && key !== undefined) keys.add(key);
      (isFree ? batch : left).push(each);
    }
    book.waiting = left;
    return batch;
  }

  private async runBatch(bookId: number, batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.work.run(
        bookId,
        batch.map(({ item }) => item),
      );
      for (const [at, result] of results.entries()) batch[at]?.resolve(result);
    } catch (error) {
      if (batch.length > 1 && isMended(error)) await Promise.all(batch.map((each) => this.runBatch(bookId, [each])));
      else for (const each of batch) each.reject(error);
    }
  }
}

/** Whether items may fare better one by one: not where the database is away. */
function isMended(error: unknown): boolean {
  if (!(error instanceof StoreUnavailable)) return true;
  return error.cause instanceof Conflict || isTooSlow(error.cause);
}
