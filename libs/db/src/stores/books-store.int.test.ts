import { createHash } from 'node:crypto';
import { type BooksStore, verifyLedger } from '@tollbook/usecases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PaymentRows } from '../../test/payment-rows.js';
import {
  addressOf,
  priceSetup,
  type StoreTest,
  setUpBook,
  startStoreTest,
  type TestBook,
  testNetwork,
  testToken,
  walletSetup,
} from '../../test/store-test.js';
import { createBooksStore } from './books-store.js';

let test: StoreTest;
let store: BooksStore;

async function pricedBook(slug: string, place: number): Promise<{ book: TestBook; rows: PaymentRows }> {
  const book = await setUpBook(test.setup, slug, place);
  await test.setup.addPriceVersion(priceSetup(book));
  return { book, rows: await PaymentRows.of(test, book) };
}

beforeAll(async () => {
  test = await startStoreTest();
  store = createBooksStore({ pool: test.worker, catalog: test.catalog });
  await test.owner.query(`insert into cursors (network_id, head_number, head_hash, confirmed_number, confirmed_hash)
    values (1, 1000, decode(repeat('aa', 32), 'hex'), 998, decode(repeat('bb', 32), 'hex'))`);
});

afterAll(async () => {
  await test?.close();
});

describe('movements', () => {
  it('tells what each watched wallet held before, received and gave, up to a block', async () => {
    const { book, rows } = await pricedBook('moves', 0x61);
    const idle = await test.setup.ensureWallet(walletSetup(book.bookId, 0x62));
    const wallet = rows.walletCode;
    const huge = 2n ** 255n;
    await rows.entry('opening', rows.id(), 6n, [[wallet, 'equity:opening', 500n]], { cause_kind: 'wallet_asset' });
    await rows.entry('payment_confirmed', rows.id(), 10n, [[wallet, 'pending:none', huge]]);
    await rows.entry('sweep_confirmed', rows.id(), 11n, [['assets:external:bank', wallet, 40n]]);
    await rows.entry('payment_confirmed', rows.id(), 12n, [
      [wallet, 'pending:none', 7n],
      [wallet, 'liabilities:overpayment', 3n],
    ]);
    // None of these is this wallet's money on this network up to the block: final, another network, a later block.
    await rows.entry('payment_final', rows.id(), 10n, [['pending:none', 'income:none', huge]]);
    await rows.entry('payment_confirmed', rows.id(), 10n, [[wallet, 'pending:none', 1n]], { network_id: 2 });
    await rows.entry('payment_confirmed', rows.id(), 13n, [[wallet, 'pending:none', 9n]]);

    const common = {
      bookId: book.bookId,
      network: testNetwork,
      assetId: 1,
      contract: testToken.toLowerCase(),
      watchFromBlock: 7n,
    };
    const moved = { ...common, walletId: book.walletId, wallet: book.walletAddress, openingAtomic: 500n };
    const still = {
      ...common,
      walletId: idle,
      wallet: addressOf(0x62),
      openingAtomic: 0n,
      inAtomic: 0n,
      outAtomic: 0n,
    };
    const at = (block: bigint) => store.movements(book.bookId, testNetwork, block, null);
    expect(await at(12n)).toEqual([{ ...moved, inAtomic: huge + 10n, outAtomic: 40n }, still]);
    expect(await at(10n)).toEqual([{ ...moved, inAtomic: huge, outAtomic: 0n }, still]);
    expect(await at(9n)).toEqual([{ ...moved, inAtomic: 0n, outAtomic: 0n }, still]);
    const since = (block: bigint) => store.movements(book.bookId, testNetwork, 12n, block);
    expect(await since(11n)).toEqual([{ ...moved, openingAtomic: huge + 500n, inAtomic: 10n, outAtomic: 40n }, still]);
    expect(await since(10n)).toEqual(await at(12n));
  });

  it('moves money between two own wallets, and counts each token apart', async () => {
    const { book, rows } = await pricedBook('self', 0x63);
    const second = await test.setup.ensureWallet(walletSetup(book.bookId, 0x64));
    const secondCode = `assets:wallet:eip155:84532:${addressOf(0x64)}#${second}`;
    await test.owner.query(`insert into assets (asset_id, network_id, contract, symbol, decimals, eip712_name,
      eip712_version) values (900, 1, decode(repeat('09', 20), 'hex'), 'EURC', 6, 'EURC', '2')`);
    await test.owner.query(
      'insert into wallet_assets (book_id, wallet_id, asset_id, watch_from_block) values ($1, $2, 900, 1)',
      [book.bookId, second],
    );
    await rows.entry('self_confirmed', rows.id(), 10n, [[secondCode, rows.walletCode, 30n]]);
    await rows.entry('unmatched_confirmed', rows.id(), 10n, [[secondCode, 'liabilities:unmatched', 4n, 900]]);
    const found = await store.movements(book.bookId, testNetwork, 10n, null);
    expect(found.map(({ walletId, assetId, inAtomic, outAtomic }) => [walletId, assetId, inAtomic, outAtomic])).toEqual(
      [
        [book.walletId, 1, 0n, 30n],
        [second, 1, 30n, 0n],
        [second, 900, 4n, 0n],
      ],
    );
  });

  it('reads all books for the worker, and for the api the one that is asked for', async () => {
    const all = await store.movements(null, testNetwork, 100n, null);
    const ids = await store.bookIds();
    expect(ids).toHaveLength(2);
    expect([...new Set(all.map(({ bookId }) => bookId))]).toEqual(ids);
    const asApi = createBooksStore({ pool: test.app, catalog: test.catalog });
    const [one] = ids;
    expect(await asApi.movements(one ?? expect.fail(), testNetwork, 100n, null)).toEqual(
      all.filter(({ bookId }) => bookId === one),
    );
    expect(await asApi.movements(null, testNetwork, 100n, null)).toEqual([]);
  });
});

describe('saveProofs', () => {
  it('keeps a proof that holds and one that does not', async () => {
    const [movement] = await store.movements(null, testNetwork, 10n, null);
    const proof = { ...(movement ?? expect.fail()), blockNumber: 10n, blockHash: `0x${'0c'.repeat(32)}` };
    const closingAtomic = proof.openingAtomic + proof.inAtomic - proof.outAtomic;
    const withChain = (onChainAtomic: bigint) => {
      return { ...proof, closingAtomic, onChainAtomic, differenceAtomic: closingAtomic - onChainAtomic };
    };
    await store.saveProofs([withChain(closingAtomic - 5n), withChain(closingAtomic)]);
    await store.saveProofs([]);
    const { rows } = await test.owner.query('select * from books_proofs order by difference_atomic');
    expect(rows.map((row) => row.difference_atomic)).toEqual(['-5', '0']);
    expect(rows[0]).toMatchObject({ wallet_id: proof.walletId, block_number: 10n, block_hash: Buffer.alloc(32, 12) });
  });
});

describe('entries', () => {
  const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const crypto = { sha256, hmacSha256: sha256, randomBytes: (count: number) => new Uint8Array(count) };

  it('come in order, page by page, as they were hashed', async () => {
    const { book, rows } = await pricedBook('chain', 0x65);
    expect(await store.ledgerHead(book.bookId)).toBeNull();
    expect(await verifyLedger(store, crypto, book.bookId)).toEqual({ kind: 'intact', entries: 0n });
    const causes = [rows.id(), rows.id(), rows.id()];
    for (const [at, cause] of causes.entries()) {
      const legs = [
        [rows.walletCode, 'pending:none', 10n],
        [rows.walletCode, 'liabilities:overpayment', 1n],
      ] as const;
      await rows.entry('payment_confirmed', cause, BigInt(at), legs);
    }
    const [first, second, ...rest] = await store.entriesAfter(book.bookId, 0n, 2);
    expect(rest).toEqual([]);
    expect(first?.entry).toEqual({
      entrySeq: 1n,
      kind: 'payment_confirmed',
      causeKind: 'allocation',
      causeId: causes[0],
      intentId: null,
      network: testNetwork,
      blockNumber: 0n,
      effectiveAtUnixSeconds: 1_790_000_000,
      localDay: '2026-09-21',
      factsHash: null,
      postings: [
        { debitCode: rows.walletCode, creditCode: 'pending:none', assetId: 1, amountAtomic: 10n },
        { debitCode: rows.walletCode, creditCode: 'liabilities:overpayment', assetId: 1, amountAtomic: 1n },
      ],
    });
    const [third] = await store.entriesAfter(book.bookId, second?.entry.entrySeq ?? 0n, 2);
    expect(await store.ledgerHead(book.bookId)).toEqual({
      entrySeq: 3n,
      chainHash: third?.chainHash,
      lastEntrySeq: 3n,
    });
    expect(await verifyLedger(store, crypto, book.bookId)).toEqual({ kind: 'intact', entries: 3n });

    await test.owner.query('alter table ledger_postings disable trigger append_only');
    await test.owner.query(
      'update ledger_postings set amount_atomic = 11 where book_id = $1 and entry_seq = 2 and leg = 0',
      [book.bookId],
    );
    await test.owner.query('alter table ledger_postings enable trigger append_only');
    expect(await verifyLedger(store, crypto, book.bookId)).toMatchObject({
      kind: 'broken',
      findings: [{ entrySeq: 2n, what: 'hash', row: 'ledger_entries 2' }],
    });
  });

  it('are seen by the api for their own book alone', async () => {
    const asApi = createBooksStore({ pool: test.app, catalog: test.catalog });
    const [first, second] = await store.bookIds();
    const pages = [await asApi.entriesAfter(first ?? 0, 0n, 100), await asApi.entriesAfter(second ?? 0, 0n, 100)];
    expect(pages.map((page) => page.length)).toEqual([7, 2]);
  });
});

describe('contradictions', () => {
  let book: TestBook;
  let rows: PaymentRows;
  // These rows are written past the stores, which keep the sums.
  const found = async () =>
    (await store.contradictions(1000)).filter(
      ({ bookId, what }) => bookId === book.bookId && !what.startsWith('rollup_'),
    );
  const told = (what: string, id: unknown) => ({ what, bookId: book.bookId, id });

  beforeAll(async () => {
    ({ book, rows } = await pricedBook('doubts', 0x66));
  });

  it('are none where everything was booked', async () => {
    await rows.confirmedPayment(20n, 1);
    await rows.confirmedPayment(21n, 2);
    // Not reconciled yet, of nothing, and gone with its block: none of them is allocated.
    await rows.transfer(999n);
    await rows.transfer(22n, { amount_atomic: 0n });
    await rows.transfer(23n, { orphaned_at: new Date() });
    await rows.intent();
    expect(await found()).toEqual([]);
  });

  it('name every row that cannot be true, at most as many as are wanted', async () => {
    const missing = await rows.transfer(30n);
    const short = await rows.transfer(31n);
    const unposted = await rows.allocation(short, null, { amount_atomic: 9_999n });
    const gone = await rows.confirmedPayment(32n, 3);
    await test.owner.query('update transfers set orphaned_at = now() where transfer_id = $1', [gone.transferId]);
    const undone = await rows.confirmedPayment(33n, 5);
    await test.owner.query('update allocations set reversed_at = now() where allocation_id = $1', [
      undone.allocationId,
    ]);
    await rows.entry('payment_final', undone.allocationId, 33n, []);
    await rows.entry('sweep_confirmed', rows.id(), 34n, [['assets:external:bank', rows.walletCode, 40_001n]]);
    await test.owner.query('update invoice_counters set last_no = 6 where book_id = $1', [book.bookId]);
    const unnumbered = await rows.intent();
    await test.owner.query('alter table payment_intents drop constraint payment_intents_confirmed_has_number');
    await rows.moveIntent(unnumbered, 'confirmed', 'sequence = sequence + 1, confirmed_at = now()');

    const all = await found();
    expect(all).toEqual([
      told('allocations_do_not_sum', missing),
      told('allocations_do_not_sum', short),
      told('allocations_do_not_sum', undone.transferId),
      told('orphaned_transfer_allocated', gone.transferId),
      told('allocation_not_posted', unposted),
      told('reversal_and_entries_differ', undone.allocationId),
      told('entry_without_postings', '5'),
      told('paid_without_invoice_number', unnumbered),
      told('invoice_number_gap', '2026/5'),
      told('invoice_counter_wrong', '2026/6'),
      told('attempt_paid_without_money', undone.attemptId),
      told('wallet_balance_negative', rows.walletCode),
    ]);
    expect(await store.contradictions(3)).toHaveLength(3);
  });
});
