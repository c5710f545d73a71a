import { StoreUnavailable } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { Batcher } from './batcher.js';

type Sent = { readonly bookId: number; readonly items: readonly string[]; answer(failure?: unknown): void };

/** A batcher whose batches end when the test says so. Items of one first letter share a key. */
function scripted() {
  const sent: Sent[] = [];
  const batcher = new Batcher<string, string>({
    keyOf: (item) => (item.includes('/') ? item.split('/')[0] : undefined),
    run: (bookId, items) =>
      new Promise((resolve, reject) => {
        const answer = (failure?: unknown) =>
          failure === undefined ? resolve(items.map((item) => item.toUpperCase())) : reject(failure);
        sent.push({ bookId, items, answer });
      }),
  });
  return { batcher, sent, items: () => sent.map((each) => each.items) };
}

/** Until everything that only waits for promises and for the next turn of the event loop has gone on. */
const settle = async () => {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Items that come one turn of the event loop after the other. */
async function apart<Result>(batcher: Batcher<string, Result>, items: readonly string[]) {
  const results = [];
  for (const item of items) {
    results.push(batcher.add(1, item));
    await settle();
  }
  return results;
}

describe('a batcher', () => {
  it('sends whoever comes alone at the end of the turn, and those of one turn together', async () => {
    const { batcher, items } = scripted();
    void batcher.add(1, 'a');
    await settle();
    void batcher.add(1, 'b');
    void batcher.add(1, 'c');
    await settle();
    expect(items()).toEqual([['a'], ['b', 'c']]);
  });

  it('sends together all who came while two batches were on their way, and tells each its own result', async () => {
    const { batcher, sent, items } = scripted();
    const results = await apart(batcher, ['a', 'b', 'c', 'd', 'e']);
    expect(items()).toEqual([['a'], ['b']]);
    sent[0]?.answer();
    await settle();
    expect(items()).toEqual([['a'], ['b'], ['c', 'd', 'e']]);
    sent[1]?.answer();
    sent[2]?.answer();
    expect(await Promise.all(results)).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  it('takes at most 128 at once', async () => {
    const { batcher, sent, items } = scripted();
    for (let item = 0; item < 300; item += 1) void batcher.add(1, `${item}`);
    await settle();
    expect(items().map(({ length }) => length)).toEqual([128, 128]);
    sent[0]?.answer();
    await settle();
    expect(items().map(({ length }) => length)).toEqual([128, 128, 44]);
  });

  it('never puts two of one key into a batch, and loses none of them', async () => {
    const { batcher, sent, items } = scripted();
    const results = await apart(batcher, ['x', 'y', 'a/1', 'a/2', 'b/1']);
    sent[0]?.answer();
    await settle();
    expect(items().slice(2)).toEqual([['a/1', 'b/1']]);
    sent[1]?.answer();
    await settle();
    expect(items().slice(3)).toEqual([['a/2']]);
    for (const each of sent) each.answer();
    expect(await Promise.all(results)).toEqual(['X', 'Y', 'A/1', 'A/2', 'B/1']);
  });

  it('lets no book wait for another', async () => {
    const { batcher, sent } = scripted();
    for (const bookId of [1, 1, 1, 2]) {
      void batcher.add(bookId, 'a');
      await settle();
    }
    expect(sent.map(({ bookId }) => bookId)).toEqual([1, 1, 2]);
  });

  it('tries one by one what failed together, so that one bad item fails alone', async () => {
    const { batcher, sent, items } = scripted();
    const results = await apart(batcher, ['a', 'b', 'c', 'd', 'e']);
    sent[0]?.answer();
    sent[1]?.answer();
    await settle();
    sent[2]?.answer(new Error('one of them broke a rule'));
    await settle();
    expect(items().slice(3)).toEqual([['c'], ['d'], ['e']]);
    sent[3]?.answer();
    sent[4]?.answer(new Error('d broke a rule'));
    sent[5]?.answer();
    expect(await Promise.allSettled(results.slice(2))).toMatchObject([
      { value: 'C' },
      { reason: { message: 'd broke a rule' } },
      { value: 'E' },
    ]);
  });

  it('tries one by one what waited too long for a lock', async () => {
    const { batcher, sent, items } = scripted();
    const results = await apart(batcher, ['a', 'b', 'c', 'd']);
    sent[0]?.answer();
    sent[1]?.answer();
    await settle();
    const cause = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });
    sent[2]?.answer(new StoreUnavailable('the database is away', { cause }));
    await settle();
    expect(items().slice(3)).toEqual([['c'], ['d']]);
    for (const each of sent) each.answer();
    expect(await Promise.all(results)).toEqual(['A', 'B', 'C', 'D']);
  });

  it('tries nothing again while the database is away, and goes on when it is back', async () => {
    const { batcher, sent, items } = scripted();
    const away = new StoreUnavailable('the database is away');
    const results = Promise.allSettled(await apart(batcher, ['a', 'b', 'c', 'd']));
    sent[0]?.answer(away);
    sent[1]?.answer(away);
    await settle();
    sent[2]?.answer(away);
    expect((await results).map((each) => each.status === 'rejected' && each.reason)).toEqual([away, away, away, away]);
    expect(items()).toEqual([['a'], ['b'], ['c', 'd']]);
    const back = batcher.add(1, 'e');
    await settle();
    sent[3]?.answer();
    expect(await back).toBe('E');
  });
});
