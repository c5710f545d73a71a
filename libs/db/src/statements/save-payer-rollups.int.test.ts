import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StoreTest, setUpBook, startStoreTest } from '../../test/store-test.js';
import { readOverviewNow } from '../queries/read-overview.js';
import { rollupChecks } from '../queries/rollup-checks.js';
import { Session } from '../session.js';
import { type PayerChangeRow, savePayerRollups } from './save-payer-rollups.js';

const dayOf = (place: number) => `2026-11-${String(place + 1).padStart(2, '0')}`;
const daysMax = 12;

type Change = { readonly payer: number; readonly day: number; readonly network: 1 | 2; readonly count: number };

/** What booking asks for: amounts are added, and only what was added is taken back. */
const batches = fc.array(
  fc.array(
    fc.record<Change>({
      payer: fc.integer({ min: 1, max: 3 }),
      day: fc.integer({ min: 0, max: daysMax - 1 }),
      network: fc.constantFrom(1, 2),
      count: fc.constantFrom(1, 1, -1),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  { minLength: 1, maxLength: 8 },
);

describe('savePayerRollups', () => {
  let test: StoreTest;
  let books = 0;

  beforeAll(async () => {
    test = await startStoreTest();
  });
  afterAll(() => test.close());

  /** Writes batches into a new book and resolves to what stands there then, key by key. */
  async function write(session: Session, list: readonly (readonly Change[])[]) {
    books += 1;
    const { bookId } = await setUpBook(test.setup, `payers-${books}`, books % 200);
    const held = new Map<string, number>();
    for (const batch of list) {
      const sums = new Map<string, PayerChangeRow>();
      for (const { payer, day, network, count } of batch) {
        const key = `${payer} ${day} ${network}`;
        const stands = held.get(key) ?? 0;
        if (stands + count < 0) continue;
        held.set(key, stands + count);
        const counted = (sums.get(key)?.count ?? 0n) + BigInt(count);
        sums.set(key, {
          book_id: bookId,
          day: dayOf(day),
          payer: Buffer.alloc(20, payer),
          network_id: network,
          asset_id: 1,
          count: counted,
          amount_atomic: String(counted * 100n),
        });
      }
      await savePayerRollups(session, [...sums.values()]);
    }
    const paid = [...held].flatMap(([key, count]) => {
      const [payer = 0, day = 0] = key.split(' ').map(Number);
      return count > 0 ? [{ payer, day }] : [];
    });
    return { bookId, paid };
  }

  it('counts each payer of any days once, whatever came, went and came again in whatever order', async () => {
    const client = await test.worker.connect();
    const range = fc.tuple(fc.integer({ min: 1, max: daysMax - 1 }), fc.integer({ min: 1, max: daysMax }));
    try {
      const session = new Session(client);
      await fc.assert(
        fc.asyncProperty(batches, range, async (list, [first, length]) => {
          const { bookId, paid } = await write(session, list);
          const payersOf = (from: number, to: number) =>
            BigInt(new Set(paid.filter(({ day }) => day >= from && day <= to).map(({ payer }) => payer)).size);
          const last = Math.min(first + length, daysMax - 1);
          const before = Math.max(0, first - length);
          const period = (from: number, to: number) => ({
            ...{ fromMs: 0, toMs: 1, zone: 'UTC', isWholeDays: true },
            ...{ firstDay: dayOf(from), lastDay: dayOf(to) },
          });
          const counted = await readOverviewNow(session, bookId, period(first, last), period(before, first - 1));
          expect([counted?.payers, counted?.previous_payers]).toEqual([
            payersOf(first, last),
            payersOf(before, first - 1),
          ]);
          const { rows } = await client.query(
            `select * from (${rollupChecks.rollup_recency_differ}) d where book_id = $1`,
            [bookId],
          );
          expect(rows).toEqual([]);
        }),
        { numRuns: 30 },
      );
    } finally {
      client.release();
    }
  });
});
