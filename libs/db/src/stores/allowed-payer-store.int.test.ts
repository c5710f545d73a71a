import { systemContext } from '@tollbook/usecases';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StoreTest, setUpBook, startStoreTest, type TestBook } from '../../test/store-test.js';
import { createAllowedPayerStore } from './allowed-payer-store.js';
import { createGateConfigStore } from './gate-config-store.js';

const [anna, bert] = [`0x${'a1'.repeat(20)}`, `0x${'b2'.repeat(20)}`];
let test: StoreTest;
let book: TestBook;
let other: TestBook;

beforeAll(async () => {
  test = await startStoreTest();
  book = await setUpBook(test.setup, 'listed', 0x51);
  other = await setUpBook(test.setup, 'unlisted', 0x52);
});
afterAll(() => test?.close());

async function gateListOf(bookId: number) {
  const store = createGateConfigStore({ pool: test.app, catalog: test.catalog });
  const found = (await store.versions()).books.find((each) => each.bookId === bookId);
  if (!found) throw new Error('the book is there');
  return { version: found.configVersion, lists: (await store.loadBook(found)).allowedPayers };
}

it('keeps lists that the gate follows, each payer once, and never opens one by the way', async () => {
  const store = createAllowedPayerStore(test.app);
  const { bookId } = book;
  const before = await gateListOf(bookId);
  const list = { endpointId: null, payers: [anna, bert], note: 'partners' };
  const added = (await store.add(bookId, list, systemContext)) ?? [];
  expect(added.map(({ payer, note }) => [payer, note]).sort()).toEqual([
    [anna, 'partners'],
    [bert, 'partners'],
  ]);
  const closed = await gateListOf(bookId);
  expect(closed.version).toBeGreaterThan(before.version);
  expect(closed.lists).toEqual(new Map([[null, new Set([anna, bert])]]));

  expect(await store.add(bookId, { ...list, note: 'again' }, systemContext)).toEqual(added);
  expect((await gateListOf(bookId)).version, 'what changes nothing is told to nobody').toBe(closed.version);

  const [first, last] = added.map(({ allowedPayerId }) => ({ bookId, allowedPayerId, reason: 'left', opens: false }));
  if (!first || !last) throw new Error('two were added');
  expect(await store.remove(first, systemContext)).toBe('removed');
  expect(await store.remove(first, systemContext)).toBe('not_found');
  expect(await store.remove(last, systemContext)).toBe('last');
  expect(await store.list(bookId, null, 10)).toHaveLength(1);
  expect(await store.remove({ ...last, bookId: other.bookId }, systemContext)).toBe('not_found');
  expect(await store.remove({ ...last, opens: true }, systemContext)).toBe('removed');
  expect((await gateListOf(bookId)).lists).toEqual(new Map());
  const { rows } = await test.owner.query(
    `select action, before ->> 'payer' as was, after ->> 'payer' as is, reason from audit_log
     where action like 'allowed_payer.%' order by audit_seq`,
  );
  expect(rows.map(({ action }) => action)).toEqual([
    ...['allowed_payer.added', 'allowed_payer.added', 'allowed_payer.removed', 'allowed_payer.removed'],
  ]);
  expect(rows[2]).toMatchObject({ was: added[0]?.payer, is: null, reason: 'left' });
});

it('knows endpoints of its own book alone, and of two who take off the last two at once lets one stay', async () => {
  const store = createAllowedPayerStore(test.app);
  const { bookId } = other;
  expect(await store.add(bookId, { endpointId: book.endpointId, payers: [anna], note: '' }, systemContext)).toBeNull();
  const added = (await store.add(bookId, { endpointId: null, payers: [anna, bert], note: '' }, systemContext)) ?? [];
  const results = await Promise.all(
    added.map(({ allowedPayerId }) =>
      store.remove({ bookId, allowedPayerId, reason: '', opens: false }, systemContext),
    ),
  );
  expect(results.sort()).toEqual(['last', 'removed']);
});
