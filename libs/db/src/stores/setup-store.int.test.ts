import { assetOf, setUpDemo, type TermsDraft } from '@tollbook/usecases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addressOf,
  endpointSetup,
  priceSetup,
  type StoreTest,
  setUpBook,
  startStoreTest,
  testNetwork,
  testToken,
  walletSetup,
} from '../../test/store-test.js';
import { SetupRefused } from '../setup-refused.js';
import { loadCatalog } from './catalog.js';
import { createSetupStore } from './setup-store.js';

/** An id that no row has. */
const idOfNothing = '01890000-0000-7000-8000-000000000000';

let test: StoreTest;

async function rowsOf(text: string, values: unknown[] = []) {
  return (await test.owner.query(text, values)).rows;
}

async function configVersion(bookId: number): Promise<bigint> {
  return (await rowsOf('select config_version from books where book_id = $1', [bookId]))[0].config_version;
}

beforeAll(async () => {
  test = await startStoreTest();
});

afterAll(async () => {
  await test?.close();
});

describe('setUpDemo', () => {
  const tables = ['merchants', 'books', 'wallets', 'wallet_assets', 'wallet_assignments', 'coverage', 'endpoints'];
  const everything = async () => {
    const found: Record<string, unknown[]> = {};
    for (const table of [...tables, 'price_versions', 'price_amounts', 'terms_versions']) {
      found[table] = await rowsOf(`select * from ${table} order by 1, 2`);
    }
    return found;
  };
  const demo = (upstreamUrl: string) =>
    setUpDemo(test.setup, {
      network: testNetwork,
      asset: assetOf(test.catalog, 1),
      assetText: testToken,
      walletAddress: addressOf(0xde),
      watchFromBlock: 12n,
      upstreamUrl,
    });

  it('run twice leaves what one run left', async () => {
    await demo('http://127.0.0.1:9/a');
    const once = await everything();
    expect(once.terms_versions).toHaveLength(1);
    expect(once.coverage).toMatchObject([{ from_block: 12n, to_block: null }]);
    expect(once.wallet_assignments).toHaveLength(1);
    await demo('http://127.0.0.1:9/a');
    expect(await everything()).toEqual(once);
  });

  it('follows a demo upstream that moved, and tells the gate', async () => {
    const { bookId, configVersion: before } = (await test.setup.bookOf('demo', 'test')) ?? expect.fail();
    await demo('http://127.0.0.1:9/b');
    expect(await rowsOf('select upstream_url from endpoints where book_id = $1', [bookId])).toEqual([
      { upstream_url: 'http://127.0.0.1:9/b' },
    ]);
    expect(await configVersion(bookId)).toBe(before + 1n);
    await expect(test.setup.setUpstream(bookId, idOfNothing, 'http://127.0.0.1:9/c')).rejects.toThrow(SetupRefused);
  });
});

describe('every ensure', () => {
  it('makes one row of each when several processes start at once', async () => {
    const starts = await Promise.all([1, 2, 3, 4].map(() => setUpBook(test.setup, 'crowd', 0xc0)));
    const [first] = starts;
    expect(starts.map(({ book: _, ...ids }) => ids)).toEqual(starts.map(() => ({ ...first, book: undefined })));
    const { bookId } = first ?? expect.fail();
    for (const table of ['wallets', 'wallet_assets', 'wallet_assignments', 'coverage', 'endpoints']) {
      expect(await rowsOf(`select count(*) from ${table} where book_id = $1`, [bookId])).toEqual([{ count: 1n }]);
    }
    // The book begins at 1, and a wallet and an endpoint were added to it.
    expect(await configVersion(bookId)).toBe(3n);
  });

  it('adds a second token of a wallet without touching the first', async () => {
    const { bookId, walletId } = await setUpBook(test.setup, 'tokens', 0x70);
    await test.owner.query(`insert into assets (asset_id, network_id, contract, symbol, decimals, eip712_name,
      eip712_version) values (900, 1, decode(repeat('09', 20), 'hex'), 'EURC', 6, 'EURC', '2')`);
    const setup = createSetupStore({ pool: test.app, catalog: await loadCatalog(test.app) });
    const wallet = { ...walletSetup(bookId, 0x70), assetId: 900, watchFromBlock: 99n };
    expect(await setup.ensureWallet(wallet)).toBe(walletId);
    expect(
      await rowsOf('select asset_id, from_block, to_block from coverage where wallet_id = $1 order by 1', [walletId]),
    ).toEqual([
      { asset_id: 1, from_block: 7n, to_block: null },
      { asset_id: 900, from_block: 99n, to_block: null },
    ]);
  });

  it('does not put back a wallet that was replaced', async () => {
    const { bookId, walletId } = await setUpBook(test.setup, 'replaced', 0x40);
    const other = await test.setup.ensureWallet(walletSetup(bookId, 0x41));
    await test.setup.ensureWallet(walletSetup(bookId, 0x40));
    const newest = await rowsOf(
      `select wallet_id from wallet_assignments where book_id = $1 order by effective_from desc limit 1`,
      [bookId],
    );
    expect(newest).toEqual([{ wallet_id: other }]);
    expect(other).not.toBe(walletId);
  });

  it('refuses a wallet of another book, or of money of another mode', async () => {
    const { bookId } = await setUpBook(test.setup, 'taken', 0x50);
    await expect(test.setup.ensureWallet(walletSetup(bookId, 0xde))).rejects.toThrow(SetupRefused);
    const live = { ...walletSetup(bookId, 0x51), network: 'eip155:8453', assetId: 2 };
    await expect(test.setup.ensureWallet(live)).rejects.toThrow(/not a network for test money/);
    await expect(test.setup.ensureWallet(walletSetup(9_999, 0x52))).rejects.toThrow(/no book 9999/);
    expect(await configVersion(bookId)).toBe(3n);
  });

  it('refuses a book in a zone that no day can be told in, or under the gate slug of another', async () => {
    const merchantId = await test.setup.ensureMerchant({ slug: 'zones', name: 'Zones' });
    const book = { merchantId, mode: 'test', gateSlug: 'zones', timeZone: 'Europe/Berlin' } as const;
    await expect(test.setup.ensureBook({ ...book, timeZone: 'Europe/Atlantis' })).rejects.toThrow(/not a time zone/);
    await expect(test.setup.ensureBook({ ...book, gateSlug: 'demo' })).rejects.toThrow(/belongs to another book/);
    expect(await test.setup.bookOf('zones', 'test')).toBeNull();
    const made = await test.setup.ensureBook(book);
    expect(await test.setup.ensureBook({ ...book, timeZone: 'UTC' })).toEqual(made);
    expect(await test.setup.bookOf('zones', 'test')).toEqual(made);
    expect(await test.setup.bookOf('zones', 'live')).toBeNull();
  });

  it('keeps one first data key for the instance and for each merchant', async () => {
    const merchantId = await test.setup.ensureMerchant({ slug: 'sealed', name: 'Sealed' });
    const owners = [null, merchantId];
    for (const owner of owners) {
      const keys = await Promise.all([1, 2, 3].map((n) => test.setup.ensureDataKey(owner, new Uint8Array(60).fill(n))));
      expect(keys).toEqual(keys.map(() => keys[0]));
      expect(keys[0]?.merchantId).toBe(owner);
    }
    const all = await test.setup.dataKeys();
    expect(all.map((key) => key.merchantId)).toEqual(owners);
    expect(all[0]?.wrappedKey).toHaveLength(60);
  });

  it('adds a seal key only while none reaches far enough', async () => {
    const now = Date.now();
    const day = 86_400_000;
    const key = (sealFromMs: number, minDays: number) => ({
      secretSealed: new Uint8Array(60).fill(1),
      sealFromMs,
      sealUntilMs: sealFromMs + 30 * day,
      sealUntilMinMs: now + minDays * day,
    });
    await Promise.all([1, 2, 3].map((n) => test.setup.ensureSealKey(key(now + n, 7))));
    expect(await rowsOf('select count(*) from seal_keys')).toEqual([{ count: 1n }]);
    await test.setup.ensureSealKey(key(now, 31));
    expect(await rowsOf('select count(*) from seal_keys')).toEqual([{ count: 2n }]);
    await test.owner.query('update seal_keys set revoked_at = now()');
    await test.setup.ensureSealKey(key(now, 7));
    expect(await rowsOf('select count(*) from seal_keys where revoked_at is null')).toEqual([{ count: 1n }]);
  });

  it('sets the nonce of a gas signer on, and never back', async () => {
    const signer = { network: testNetwork, address: addressOf(0x9a), keySealed: new Uint8Array(60).fill(2) };
    await Promise.all([5n, 5n].map((nextNonce) => test.setup.ensureGasSigner({ ...signer, nextNonce })));
    await test.owner.query('update gas_signers set next_nonce = 8');
    await test.setup.ensureGasSigner({ ...signer, nextNonce: 5n });
    expect(await rowsOf('select next_nonce from gas_signers')).toEqual([{ next_nonce: 8n }]);
    await test.setup.ensureGasSigner({ ...signer, nextNonce: 11n });
    expect(await rowsOf('select next_nonce from gas_signers')).toEqual([{ next_nonce: 11n }]);
    const [known, ...rest] = await test.setup.gasSigners();
    expect(known).toMatchObject(signer);
    expect(rest).toEqual([]);
  });
});

describe('addPriceVersion', () => {
  it('supersedes the terms before in the same commit and says when', async () => {
    const book = await setUpBook(test.setup, 'prices', 0x20);
    expect(await test.setup.ensureEndpoint(endpointSetup(book.bookId))).toMatchObject({ hasPrice: false });
    await test.setup.addPriceVersion(priceSetup(book, 10_000n));
    await test.setup.addPriceVersion(priceSetup(book, 2n ** 200n));
    expect(await test.setup.ensureEndpoint(endpointSetup(book.bookId))).toMatchObject({ hasPrice: true });
    const [old, current] = await rowsOf('select * from terms_versions where book_id = $1 order by number', [
      book.bookId,
    ]);
    expect(old.superseded_at).toEqual(current.in_force_from);
    expect(current.superseded_at).toBeNull();
    expect(current.networks[testNetwork]).toEqual({
      place: 0,
      assetId: 1,
      contract: testToken.toLowerCase(),
      symbol: 'USDC',
      decimals: 6,
      eip712: { name: 'USDC', version: '2' },
      walletId: book.walletId,
      assetText: testToken,
      payToText: book.walletAddress,
      amountAtomic: (2n ** 200n).toString(),
    });
    const versions = await rowsOf(
      `select p.version_no, p.author, p.reason, a.amount_atomic from price_versions p
       join price_amounts a using (book_id, price_version_id) where p.book_id = $1 order by 1`,
      [book.bookId],
    );
    expect(versions).toEqual([
      { version_no: 1, author: 'owner', reason: 'A test', amount_atomic: '10000' },
      { version_no: 2, author: 'owner', reason: 'A test', amount_atomic: (2n ** 200n).toString() },
    ]);
    expect(await configVersion(book.bookId)).toBe(5n);
  });

  it('numbers prices that are changed at once, and leaves the last in force', async () => {
    const book = await setUpBook(test.setup, 'haste', 0x21);
    await Promise.all([1n, 2n, 3n, 4n, 5n].map((amount) => test.setup.addPriceVersion(priceSetup(book, amount))));
    const rows = await rowsOf(
      `select p.version_no, t.superseded_at is null as is_in_force, t.superseded_at >= t.in_force_from as is_ordered
       from terms_versions t join price_versions p using (book_id, price_version_id) where t.book_id = $1
       order by t.number`,
      [book.bookId],
    );
    expect(rows.map((row) => row.version_no)).toEqual([1, 2, 3, 4, 5]);
    expect(rows.map((row) => row.is_in_force)).toEqual([false, false, false, false, true]);
    expect(rows.slice(0, 4).every((row) => row.is_ordered)).toBe(true);
  });

  it('refuses to send money anywhere but to a wallet of the book, and changes nothing then', async () => {
    const book = await setUpBook(test.setup, 'careful', 0x22);
    const other = await setUpBook(test.setup, 'stranger', 0x23);
    const price = priceSetup(book);
    const withNetwork = (change: Partial<TermsDraft['networks'][number]>) => {
      const networks = price.terms.networks.map((network) => ({ ...network, ...change }));
      return test.setup.addPriceVersion({ ...price, terms: { ...price.terms, networks } });
    };
    await expect(withNetwork({ walletId: other.walletId })).rejects.toThrow(/has no wallet/);
    await expect(withNetwork({ payToText: addressOf(0x23) })).rejects.toThrow(/is that of the wallet/);
    await expect(withNetwork({ assetText: addressOf(0x23) })).rejects.toThrow(/the token shown/);
    await expect(test.setup.addPriceVersion({ ...price, endpointId: other.endpointId })).rejects.toThrow(/endpoint/);
    expect(await rowsOf('select from terms_versions where book_id = $1', [book.bookId])).toEqual([]);
    expect(await configVersion(book.bookId)).toBe(3n);
  });
});

describe('API keys', () => {
  it('are found by their lookup, of whatever book, until revoked or expired', async () => {
    const { bookId } = await setUpBook(test.setup, 'keys', 0x30);
    const other = await setUpBook(test.setup, 'other-keys', 0x31);
    const add = (owner: number, lookup: string) =>
      test.setup.addApiKey({ bookId: owner, name: 'k', lookup, keyHash: new Uint8Array(32).fill(3), scopes: ['read'] });
    const apiKeyId = await add(bookId, 'one');
    await add(other.bookId, 'two');
    const found = {
      apiKeyId,
      bookId,
      name: 'k',
      keyHash: new Uint8Array(32).fill(3),
      scopes: ['read'],
      isUsable: true,
    };
    expect(await test.setup.findApiKey('one')).toEqual(found);
    expect(await test.setup.findApiKey('two')).toMatchObject({ bookId: other.bookId });
    expect(await test.setup.findApiKey('three')).toBeNull();

    const isUsableWith = async (set: string) => {
      await test.owner.query(`update api_keys set ${set} where lookup = 'one'`);
      return (await test.setup.findApiKey('one'))?.isUsable;
    };
    expect(await isUsableWith(`expires_at = now() + interval '1 hour'`)).toBe(true);
    expect(await isUsableWith(`expires_at = now() - interval '1 second'`)).toBe(false);
    expect(await isUsableWith('expires_at = null, revoked_at = now()')).toBe(false);
    await expect(add(bookId, 'one')).rejects.toThrow(/api_keys_lookup/);
  });
});
