import { noEndpointCaps } from '@tollbook/domain';
import { type GateConfigStore, StoreUnavailable } from '@tollbook/usecases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  endpointSetup,
  priceSetup,
  type StoreTest,
  setUpBook,
  startStoreTest,
  type TestBook,
  testNetwork,
  testToken,
} from '../../test/store-test.js';
import { createPool } from '../connect.js';
import { loadCatalog } from './catalog.js';
import { createGateConfigStore } from './gate-config-store.js';

let test: StoreTest;
let store: GateConfigStore;
let sold: TestBook;
let other: TestBook;

const load = async (of: TestBook) => {
  const book = (await store.versions()).books.find((each) => each.bookId === of.bookId);
  return store.loadBook(book ?? expect.fail());
};

/** Terms like those of the newest version, whose times lie as many seconds from now. */
async function addTerms(of: TestBook, inForceFrom: number, supersededAt: number | null): Promise<bigint> {
  const { rows } = await test.owner.query(
    `insert into terms_versions (book_id, endpoint_id, price_version_id, settle_mode, offer_ttl_s, max_timeout_s,
       priced_query, prices_body, networks, in_force_from, superseded_at)
     select book_id, endpoint_id, price_version_id, settle_mode, offer_ttl_s, max_timeout_s, priced_query, prices_body,
       networks, now() + $2 * interval '1 second', now() + $3 * interval '1 second'
     from terms_versions where book_id = $1 order by number desc limit 1 returning number`,
    [of.bookId, inForceFrom, supersededAt],
  );
  return rows[0].number;
}

beforeAll(async () => {
  test = await startStoreTest();
  store = createGateConfigStore({ pool: test.app, catalog: test.catalog });
});

afterAll(async () => {
  await test?.close();
});

describe('loadCatalog', () => {
  it('reads networks and assets, addresses as lower-case hex', async () => {
    const { networks, assets } = await loadCatalog(test.app);
    expect(networks).toContainEqual({
      networkId: 1,
      network: testNetwork,
      mode: 'test',
      family: 'evm',
      blockMs: 2_000,
      confirmDepth: 2,
      hasSafeTag: true,
      finalSeconds: 1_200,
      reorgBlocks: 1,
    });
    expect(assets).toContainEqual({
      assetId: 1,
      network: testNetwork,
      contract: testToken.toLowerCase(),
      symbol: 'USDC',
      decimals: 6,
      eip712: { name: 'USDC', version: '2' },
    });
  });
});

describe('createGateConfigStore', () => {
  it('tells the clock also while there is no book', async () => {
    const { books, nowMs } = await store.versions();
    expect(books).toEqual([]);
    expect(Math.abs(nowMs - Date.now())).toBeLessThan(60_000);
  });

  it('tells every book with the version that the last change gave it', async () => {
    sold = await setUpBook(test.setup, 'sold', 0x11);
    other = await setUpBook(test.setup, 'other', 0x12);
    await test.setup.addPriceVersion(priceSetup(sold));
    await test.setup.addPriceVersion(priceSetup(other, 77n));
    const { books } = await store.versions();
    expect(books).toEqual([
      { ...sold.book, configVersion: 4n },
      { ...other.book, configVersion: 4n },
    ]);
    expect(sold.book).toMatchObject({ mode: 'test', gateSlug: 'sold', timeZone: 'UTC', configVersion: 3n });
  });

  it('loads one book whole, and nothing of another', async () => {
    const { bookId, endpointId, walletId, walletAddress } = sold;
    const loaded = await load(sold);
    const number = loaded.endpoints[0]?.terms[0]?.number;
    expect(loaded).toEqual({
      ...sold.book,
      configVersion: 4n,
      facilitators: [],
      endpoints: [
        {
          endpointId,
          method: 'GET',
          path: '/weather',
          upstreamUrl: 'http://127.0.0.1:9/weather',
          timeoutMs: 30_000,
          isEnabled: true,
          requiresIdentifier: false,
          caps: noEndpointCaps,
          limits: { paid: null, unpaid: null },
          description: 'GET /weather',
          terms: [
            {
              number,
              bookId,
              mode: 'test',
              endpointId,
              priceVersionId: expect.any(String),
              settleMode: 'after',
              offerTtlSeconds: 300,
              maxTimeoutSeconds: 300,
              pricedQuery: ['city'],
              pricesBody: false,
              networks: [
                {
                  network: testNetwork,
                  asset: test.catalog.assets.find(({ assetId }) => assetId === 1),
                  walletId,
                  assetText: testToken,
                  payToText: walletAddress,
                  amountAtomic: 10_000n,
                },
              ],
              inForceFromUnixSeconds: expect.any(Number),
              supersededAtUnixSeconds: null,
              revokedAtUnixSeconds: null,
            },
          ],
        },
      ],
      overrides: new Map(),
      allowedPayers: new Map(),
    });
    expect((await load(other)).endpoints[0]?.terms[0]?.networks[0]?.amountAtomic).toBe(77n);
  });

  it('keeps terms as long as a payment may name them, newest first, scheduled ones too', async () => {
    const [first] = (await load(sold)).endpoints[0]?.terms ?? [];
    // An offer of the last second lives 300 s, its payment travels 120 s, and a process may be 10 s behind.
    const gone = await addTerms(sold, -9_000, -432);
    const accepted = await addTerms(sold, -9_000, -428);
    const scheduled = await addTerms(sold, 3_600, null);
    await test.owner.query('update terms_versions set revoked_at = now() where number = $1', [accepted]);
    const terms = (await load(sold)).endpoints[0]?.terms ?? [];
    expect(terms.map(({ number }) => number)).toEqual([scheduled, accepted, first?.number]);
    expect(terms[1]?.revokedAtUnixSeconds).not.toBeNull();
    expect(await store.terms(gone)).toMatchObject({ number: gone, bookId: sold.bookId, mode: 'test' });
  });

  it('finds terms by number in whatever book, and none where there is none', async () => {
    const [{ number } = expect.fail()] = (await load(other)).endpoints[0]?.terms ?? [];
    expect(await store.terms(number)).toMatchObject({ bookId: other.bookId, networks: [{ amountAtomic: 77n }] });
    expect(await store.terms(2n ** 47n)).toBeNull();
  });

  it('leaves out archived endpoints and those without an upstream, and tells disabled ones', async () => {
    const add = (path: string) => test.setup.ensureEndpoint({ ...endpointSetup(other.bookId), path });
    const [archived, direct, disabled] = [await add('/archived'), await add('/direct'), await add('/disabled')];
    const set = (id: string, change: string) =>
      test.owner.query(`update endpoints set ${change} where endpoint_id = $1`, [id]);
    await set(archived.endpointId, 'archived_at = now()');
    await set(direct.endpointId, 'upstream_url = null');
    await set(disabled.endpointId, 'is_enabled = false');
    const { endpoints } = await load(other);
    expect(endpoints.map(({ path, isEnabled }) => [path, isEnabled])).toEqual([
      ['/weather', true],
      ['/disabled', false],
    ]);
    expect(endpoints[1]?.terms).toEqual([]);
  });

  it('refuses terms in an asset that the catalogue knows as another', async () => {
    const assets = test.catalog.assets.map((asset) => ({ ...asset, contract: `0x${'99'.repeat(20)}` }));
    const strict = createGateConfigStore({ pool: test.app, catalog: { ...test.catalog, assets } });
    await expect(strict.loadBook(sold.book)).rejects.toThrow(/mean the same asset/);
  });

  it('reads the seal keys under which an offer may still be open', async () => {
    const add = (until: string, revoked = 'null', scope = `'instance', null`) =>
      test.owner.query(
        `insert into seal_keys (scope, for_book_id, secret_sealed, seal_from, seal_until, revoked_at)
         values (${scope}, decode('0102', 'hex'), now() - interval '60 days', now() + ${until}, ${revoked})`,
      );
    await add(`interval '1 day'`);
    await add(`interval '-430 seconds'`, 'now()');
    await add(`interval '-3 days'`);
    await add(`interval '1 day'`, 'null', `'delegated', ${sold.bookId}`);
    const keys = await store.sealKeys();
    expect(keys.map(({ isRevoked }) => isRevoked)).toEqual([false, true]);
    expect(keys[0]?.secretSealed).toEqual(Uint8Array.of(1, 2));
    expect((keys[0]?.sealUntilUnixSeconds ?? 0) - (keys[0]?.sealFromUnixSeconds ?? 0)).toBe(61 * 86_400);
  });

  it('stamps a process again and again', async () => {
    const bootId = '01890000-0000-7000-8000-00000000b007';
    const seenAt = async () => {
      await store.beat(bootId);
      const { rows } = await test.owner.query('select seen_at::text from gate_processes where boot_id = $1', [bootId]);
      return rows.map((row) => row.seen_at);
    };
    const [first] = await seenAt();
    const [second, ...rest] = await seenAt();
    expect(second > first).toBe(true);
    expect(rest).toEqual([]);
  });

  it('says that the store is unavailable when nobody answers', async () => {
    const url = new URL(test.url);
    url.port = '1';
    const pool = createPool(url.href, { role: 'tollbook_app', max: 1, applicationName: 'away' });
    const away = createGateConfigStore({ pool, catalog: test.catalog });
    await expect(away.versions()).rejects.toThrow(StoreUnavailable);
    await expect(away.loadBook(sold.book)).rejects.toThrow(StoreUnavailable);
    await pool.end();
  });
});
