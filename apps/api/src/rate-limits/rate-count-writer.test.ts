import { type RateCountDraft, RateTally } from '@tollbook/usecases';
import { expect, it } from 'vitest';
import { RateCountWriter } from './rate-count-writer.js';

const standing = { used: 1, left: 0, resetsInSeconds: 60, burstLeft: 0, burstResetsInSeconds: 600 };

function open() {
  const tally = new RateTally();
  const saved: { bookId: number; drafts: readonly RateCountDraft[] }[] = [];
  const errors: unknown[] = [];
  let isAway = false;
  const store = {
    saveCounts: async (bookId: number, drafts: readonly RateCountDraft[]) => {
      if (isAway) throw new Error('away');
      saved.push({ bookId, drafts });
    },
    forgetCounts: async () => undefined,
  };
  const writer = new RateCountWriter(tally, store, (error) => errors.push(error));
  const setAway = (next: boolean) => {
    isAway = next;
  };
  return { tally, saved, errors, writer, setAway };
}

it('writes what was counted, a statement a book', async () => {
  const { tally, saved, writer } = open();
  tally.of(1, 'a', 'paid').allow('x', standing, 5);
  tally.of(2, 'b', 'unpaid').throttle('y', standing, 5);
  await writer.write();
  expect(saved.map(({ bookId, drafts }) => [bookId, drafts.map(({ subject }) => subject)])).toEqual([
    [1, ['', 'x']],
    [2, ['', 'y']],
  ]);
  await writer.write();
  expect(saved).toHaveLength(2);
});

it('keeps what could not be written, and adds to it what came since', async () => {
  const { tally, saved, errors, writer, setAway } = open();
  setAway(true);
  tally.of(1, 'a', 'paid').throttle('x', standing, 5);
  await writer.write();
  await writer.write();
  expect(errors).toHaveLength(2);
  setAway(false);
  tally.of(1, 'a', 'paid').throttle('x', standing, 9);
  await writer.stop();
  expect(saved).toMatchObject([
    {
      bookId: 1,
      drafts: [
        { subject: '', throttled: 2 },
        { subject: 'x', throttled: 2, lastSeenAtMs: 9 },
      ],
    },
  ]);
});
