import type { OfferCount, OfferCountStore, RefusalSample } from '@tollbook/usecases';
import { clientFamily } from './client-family.js';
import type { PreparedBook, PreparedEndpoint } from './gate-snapshot.js';

/** A window never spans two minutes: its end is a multiple of it. */
const windowMs = 10_000;
const minuteMs = 60_000;
const samplesPerMinuteMax = 60;

/** Where something was asked for or paid. */
export type Place = { readonly book: Pick<PreparedBook, 'book'>; readonly prepared: PreparedEndpoint };
export type SampleFacts = Pick<RefusalSample, 'payer' | 'intentId' | 'evidence'>;
export type RefusedPayment = Pick<OfferCount, 'reason' | 'x402Version'> & {
  /** Asked only for what is kept, since it may cost a look-up. */
  readonly sample: () => SampleFacts | Promise<SampleFacts>;
};
type Samples = { readonly minute: number; taken: number; waiting: RefusalSample[] };

/**
 * What the gate answered without a row, by endpoint, reason and kind of client. A request bumps a number in memory; the
 * numbers leave each ten seconds with one statement a book, and when the process ends. A crash loses ten seconds of them.
 */
export class OfferCounts {
  /** By what a request has in its hands, so that counting makes no text and no object. */
  private offers = new Map<PreparedEndpoint, Map<string, number>>();
  private payments = new Map<string, { readonly bookId: number; row: OfferCount }>();
  private readonly samples = new Map<number, Samples>();
  private readonly sampling = new Set<Promise<void>>();
  private readonly bookOf = new WeakMap<PreparedEndpoint, number>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: OfferCountStore,
    private readonly report: (error: unknown) => void,
  ) {}

  start(): void {
    const now = Date.now();
    // At the border, so that all of a window belongs to the minute that it is written under.
    this.timer = setTimeout(
      () => {
        this.flush();
        this.start();
      },
      windowMs - (now % windowMs) + 1,
    ).unref();
  }

  /** Writes what is counted, and waits for it. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await Promise.all(this.sampling);
    this.flush(Date.now());
    await this.writing;
  }

  /** A request without payment got its offer. */
  offered({ book, prepared }: Place, userAgent: string | undefined): void {
    const family = clientFamily(userAgent);
    let counts = this.offers.get(prepared);
    if (counts === undefined) {
      counts = new Map();
      this.offers.set(prepared, counts);
      this.bookOf.set(prepared, book.book.bookId);
    }
    counts.set(family, (counts.get(family) ?? 0) + 1);
  }

  /** A payment was refused before it became a claim; of a minute and book the first sixty are kept as samples. */
  refused(place: Place, { reason, x402Version, sample }: RefusedPayment, userAgent: string | undefined): void {
    const row = this.count(place, { kind: 'refused', reason, x402Version }, userAgent);
    const { bookId } = place.book.book;
    const atMs = Date.now();
    const minute = Math.floor(atMs / minuteMs);
    let samples = this.samples.get(bookId);
    if (samples?.minute !== minute) {
      samples = { minute, taken: 0, waiting: samples?.waiting ?? [] };
      this.samples.set(bookId, samples);
    }
    if (samples.taken >= samplesPerMinuteMax) return;
    samples.taken += 1;
    const { waiting } = samples;
    const { endpointId, client } = row;
    const take = async () => {
      waiting.push({ endpointId, reason, client, x402Version, atMs, ...(await sample()) });
    };
    const taking = take()
      .catch(this.report)
      .finally(() => this.sampling.delete(taking));
    this.sampling.add(taking);
  }

  /** A payment came to an end of another kind. */
  ended(place: Place, what: Pick<OfferCount, 'kind' | 'reason' | 'x402Version'>, userAgent: string | undefined): void {
    this.count(place, what, userAgent);
  }

  private count(
    { book, prepared }: Place,
    what: Pick<OfferCount, 'kind' | 'reason' | 'x402Version'>,
    userAgent: string | undefined,
  ): OfferCount {
    const client = clientFamily(userAgent);
    const { bookId } = book.book;
    const { endpointId } = prepared.endpoint;
    const key = `${bookId} ${endpointId} ${what.kind} ${what.reason} ${client} ${what.x402Version}`;
    const count = (this.payments.get(key)?.row.count ?? 0) + 1;
    const row = { endpointId, client, count, ...what };
    this.payments.set(key, { bookId, row });
    return row;
  }

  /** Hands the counts over to be written: those of the window that ended at, or runs until, `nowMs`. */
  private flush(nowMs = Date.now() - windowMs / 2): void {
    const minute = Math.floor(nowMs / minuteMs) * minuteMs;
    const books = new Map<number, { counts: OfferCount[]; samples: RefusalSample[] }>();
    const of = (bookId: number) => {
      const found = books.get(bookId) ?? { counts: [], samples: [] };
      books.set(bookId, found);
      return found;
    };
    for (const [bookId, row] of this.takeOffers()) of(bookId).counts.push(row);
    for (const { bookId, row } of this.payments.values()) of(bookId).counts.push(row);
    this.payments = new Map();
    for (const [bookId, samples] of this.samples) {
      if (samples.waiting.length > 0) of(bookId).samples.push(...samples.waiting.splice(0));
    }
    for (const [bookId, { counts, samples }] of books) {
      this.writing = this.writing.then(() => this.store.save(bookId, minute, counts, samples)).catch(this.report);
    }
  }

  /** Of an endpoint whose configuration changed there are two, whose counts are one row. */
  private takeOffers(): readonly (readonly [number, OfferCount])[] {
    const rows = new Map<string, readonly [number, OfferCount]>();
    for (const [prepared, counts] of this.offers) {
      const { endpointId } = prepared.endpoint;
      const bookId = this.bookOf.get(prepared);
      if (bookId === undefined) continue;
      for (const [client, more] of counts) {
        const key = `${endpointId} ${client}`;
        const count = (rows.get(key)?.[1].count ?? 0) + more;
        rows.set(key, [bookId, { endpointId, kind: 'offered', reason: '', client, x402Version: 0, count }]);
      }
    }
    this.offers = new Map();
    return [...rows.values()];
  }
}
