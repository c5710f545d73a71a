import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpointSetup, priceSetup, type StoreTest, setUpBook, startStoreTest } from '../test/store-test.js';
import { type ConfigNotice, type FeedNotice, listenForConfig } from './listen-for-config.js';

let test: StoreTest;

beforeAll(async () => {
  test = await startStoreTest();
});

afterAll(async () => {
  await test?.close();
});

/** Backends that listen under a name; the server lists one until it is truly gone. */
async function backends(applicationName: string): Promise<number[]> {
  const { rows } = await test.owner.query('select pid from pg_stat_activity where application_name = $1', [
    applicationName,
  ]);
  return rows.map((row) => row.pid);
}

describe('listenForConfig', () => {
  it('hears every change that the gate follows, with the version it reads afterwards', async () => {
    const heard: ConfigNotice[] = [];
    const listener = await listenForConfig(test.url, (notice) => heard.push(notice));
    const book = await setUpBook(test.setup, 'heard', 1);
    const { bookId, endpointId } = book;
    await test.setup.addPriceVersion(priceSetup(book));
    await test.setup.setUpstream(bookId, endpointId, 'http://127.0.0.1:9/moved');
    // None of these changes anything.
    await test.setup.setUpstream(bookId, endpointId, 'http://127.0.0.1:9/moved');
    await test.setup.ensureEndpoint(endpointSetup(bookId));
    await test.setup.addApiKey({ bookId, name: 'k', lookup: 'k', keyHash: new Uint8Array(32), scopes: [] });
    await test.owner.query(`select pg_notify('tollbook_config', 'hello'), pg_notify('tollbook_config', '0:0')`);
    // Notices come in the order of their commits: after this one there is no other.
    await expect.poll(() => heard.at(-1)).toEqual({ bookId: 0, configVersion: 0n });
    expect(heard.slice(0, -1)).toEqual([1n, 2n, 3n, 4n, 5n].map((configVersion) => ({ bookId, configVersion })));
    await listener.close();
    await listener.close();
  });

  it('hears of feeds that grew, over the same connection', async () => {
    const heard: unknown[] = [];
    const changes: ConfigNotice[] = [];
    const applicationName = 'hears-feeds';
    const options = { applicationName, onFeed: (notice: FeedNotice) => heard.push(notice) };
    const listener = await listenForConfig(test.url, (notice) => changes.push(notice), options);
    await test.owner.query(`select pg_notify('tollbook_feed', 'x'), pg_notify('tollbook_feed', '3:12')`);
    await expect.poll(() => heard).toEqual([{ bookId: 3, position: 12 }]);
    expect(changes).toEqual([]);
    expect(await backends(applicationName)).toHaveLength(1);
    await listener.close();
  });

  it('listens again after its connection broke, and not after it was closed', async () => {
    const applicationName = 'listens-again';
    const heard: ConfigNotice[] = [];
    const errors: Error[] = [];
    const options = { applicationName, onError: (error: Error) => errors.push(error) };
    const listener = await listenForConfig(test.url, (notice) => heard.push(notice), options);
    const [first] = await backends(applicationName);
    await test.owner.query('select pg_terminate_backend($1)', [first]);
    await expect
      .poll(async () => {
        await test.owner.query(`select pg_notify('tollbook_config', '5:6')`);
        return heard[0];
      })
      .toEqual({ bookId: 5, configVersion: 6n });
    expect(errors).toHaveLength(1);
    expect(await backends(applicationName)).not.toContain(first);
    await listener.close();
    await expect.poll(() => backends(applicationName)).toEqual([]);
    expect(errors).toHaveLength(1);
  });

  it('begins without a database, tells why, and keeps trying until closed', async () => {
    const url = new URL(test.url);
    url.port = '1';
    const errors: Error[] = [];
    const onError = (error: Error) => errors.push(error);
    const listener = await listenForConfig(url.href, () => undefined, { onError });
    expect(errors).toHaveLength(1);
    await expect.poll(() => errors.length).toBeGreaterThan(1);
    await listener.close();
  });
});
