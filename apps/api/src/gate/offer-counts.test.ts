import type { OfferCount, OfferCountStore, RefusalSample } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import type { PreparedBook, PreparedEndpoint } from './gate-snapshot.js';
import { OfferCounts } from './offer-counts.js';

type Written = {
  readonly bookId: number;
  readonly counts: readonly OfferCount[];
  readonly samples: readonly RefusalSample[];
};

function openCounts() {
  const written: Written[] = [];
  const errors: unknown[] = [];
  const store: OfferCountStore = {
    save: async (bookId, _minute, counts, samples) => void written.push({ bookId, counts, samples }),
  };
  return { counts: new OfferCounts(store, (error) => void errors.push(error)), written, errors };
}

function placeOf(bookId: number, endpointId: string) {
  const book = { book: { bookId } } as PreparedBook;
  const prepared = { endpoint: { endpointId } } as PreparedEndpoint;
  return { book, prepared };
}

describe('OfferCounts', () => {
  it('writes each number once, by book, endpoint and family of client', async () => {
    const { counts, written } = openCounts();
    const place = placeOf(1, 'a');
    const renewed = placeOf(1, 'a');
    for (const agent of ['curl/8.1', 'curl/8.2', undefined]) counts.offered(place, agent);
    counts.offered(renewed, 'curl/8.1');
    counts.offered(placeOf(2, 'b'), 'Mozilla/5.0 (X11) Firefox');
    await counts.stop();
    await counts.stop();
    const lines = written.flatMap(({ bookId, counts: rows }) =>
      rows.map(({ endpointId, kind, client, count }) => `${bookId} ${endpointId} ${kind} ${client} ${count}`),
    );
    expect(lines).toEqual(['1 a offered curl 3', '1 a offered none 1', '2 b offered browser 1']);
  });

  it('keeps sixty samples of a minute and book, and counts all', async () => {
    const { counts, written } = openCounts();
    const place = placeOf(1, 'a');
    let asked = 0;
    const sample = async () => {
      asked += 1;
      return { payer: null, intentId: null, evidence: {} };
    };
    const mismatch = { reason: 'amount_mismatch', x402Version: 2, sample } as const;
    for (let at = 0; at < 100; at += 1) counts.refused(place, mismatch, 'node');
    counts.refused(placeOf(2, 'b'), { ...mismatch, reason: 'offer_expired' }, 'node');
    await counts.stop();
    expect(asked, 'what is not kept is not looked up').toBe(61);
    expect(written.map(({ counts: rows, samples }) => [rows.map(({ count }) => count), samples.length])).toEqual([
      [[100], 60],
      [[1], 1],
    ]);
  });

  it('counts how payments ended by family of client and version', async () => {
    const { counts, written } = openCounts();
    const place = placeOf(1, 'a');
    const paid = { kind: 'paid', reason: '', x402Version: 2 } as const;
    counts.ended(place, paid, 'node');
    counts.ended(place, paid, 'undici');
    counts.ended(place, { kind: 'failed', reason: 'insufficient_funds', x402Version: 1 }, 'curl/8');
    await counts.stop();
    expect(written.flatMap(({ counts: rows }) => rows)).toEqual([
      { endpointId: 'a', client: 'node', count: 2, ...paid },
      { endpointId: 'a', client: 'curl', count: 1, kind: 'failed', reason: 'insufficient_funds', x402Version: 1 },
    ]);
  });

  it('counts a refusal whose sample could not be made', async () => {
    const { counts, written, errors } = openCounts();
    const sample = () => Promise.reject(new Error('away'));
    counts.refused(placeOf(1, 'a'), { reason: 'offer_expired', x402Version: 2, sample }, 'node');
    await counts.stop();
    expect(written).toMatchObject([{ counts: [{ count: 1 }], samples: [] }]);
    expect(errors).toHaveLength(1);
  });

  it('goes on counting when a write failed', async () => {
    const errors: unknown[] = [];
    const away: OfferCountStore = { save: async () => Promise.reject(new Error('away')) };
    const counts = new OfferCounts(away, (error) => void errors.push(error));
    counts.offered(placeOf(1, 'a'), undefined);
    await counts.stop();
    expect(errors).toHaveLength(1);
  });
});
