import { commandContext } from '@tollbook/usecases';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  endpointSetup,
  priceSetup,
  type StoreTest,
  setUpBook,
  startStoreTest,
  walletSetup,
} from '../../test/store-test.js';
import { createSetupStore } from './setup-store.js';

let test: StoreTest;
beforeAll(async () => {
  test = await startStoreTest();
});
afterAll(async () => {
  await test?.close();
});

async function audit() {
  const { rows } = await test.owner.query(
    'select action, actor_id, target_id, before, after, reason from audit_log order by audit_seq',
  );
  return rows;
}

it('whatever a set-up or a command changes stands in the audit log once, in its own name', async () => {
  const book = await setUpBook(test.setup, 'told', 0x31);
  const { bookId, endpointId } = book;
  await test.setup.addPriceVersion(priceSetup(book));
  const made = await audit();
  expect(made.map(({ action, actor_id }) => [action, actor_id])).toEqual([
    ['wallet.added', 'tollbook'],
    ['endpoint.created', 'tollbook'],
    ['price.changed', 'tollbook'],
  ]);
  expect(made[2]).toMatchObject({ before: null, after: { version: 1, price: [{ asset: 'USDC' }] } });

  const setup = createSetupStore({ pool: test.app, catalog: test.catalog, by: commandContext });
  await setup.ensureWallet(walletSetup(bookId, 0x31));
  await setup.ensureEndpoint(endpointSetup(bookId));
  expect(await audit()).toHaveLength(made.length);

  await setup.setUpstream(bookId, endpointId, 'http://127.0.0.1:9/moved');
  await setup.setUpstream(bookId, endpointId, 'http://127.0.0.1:9/moved');
  await setup.addPriceVersion(priceSetup(book, 20_000n));
  const key = { name: 'ops', lookup: 'a'.repeat(12), keyHash: new Uint8Array(32), scopes: ['payments:read'] };
  await setup.addApiKey({ bookId, ...key });
  const later = (await audit()).slice(made.length);
  expect(later.map(({ action, actor_id }) => [action, actor_id])).toEqual([
    ['endpoint.changed', 'cli'],
    ['price.changed', 'cli'],
    ['key.created', 'cli'],
  ]);
  expect(later[0]).toMatchObject({ after: { upstream: 'http://127.0.0.1:9/moved' } });
  expect(later[1]).toMatchObject({ before: { version: 1 }, after: { version: 2 } });
  expect(later[2]?.after).toEqual({ name: 'ops', scopes: ['payments:read'], expiresAt: null });
});
