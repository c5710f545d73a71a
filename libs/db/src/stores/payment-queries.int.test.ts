import type { IntentStatus } from '@tollbook/domain';
import type { IntentRecord, PaymentFilter, PaymentQueries } from '@tollbook/usecases';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PaymentRows } from '../../test/payment-rows.js';
import {
  endpointSetup,
  priceSetup,
  type StoreTest,
  setUpBook,
  startStoreTest,
  type TestBook,
  testNetwork,
} from '../../test/store-test.js';
import { paymentListStatement } from '../queries/list-payments.js';
import { createPaymentQueries } from './payment-queries.js';

const everything: PaymentFilter = { status: [], network: null, endpointId: null, payer: null };

let test: StoreTest;
let queries: PaymentQueries;
let book: TestBook;
let rows: PaymentRows;

async function pricedBook(slug: string, place: number): Promise<[TestBook, PaymentRows]> {
  const made = await setUpBook(test.setup, slug, place);
  await test.setup.addPriceVersion(priceSetup(made));
  return [made, await PaymentRows.of(test, made)];
}

/** Counts the statements that go through a pool from now on. */
function countStatements(pool: pg.Pool): () => number {
  const seen = new WeakSet<pg.PoolClient>();
  let count = 0;
  pool.on('acquire', (client) => {
    if (seen.has(client)) return;
    seen.add(client);
    const { query } = client;
    const counted = (...args: unknown[]) => {
      count += 1;
      return Reflect.apply(query, client, args);
    };
    Object.defineProperty(client, 'query', { value: counted });
  });
  return () => count;
}

beforeAll(async () => {
  test = await startStoreTest();
  queries = createPaymentQueries({ pool: test.app, catalog: test.catalog });
  [book, rows] = await pricedBook('listed', 0x71);
  await test.owner.query(`insert into cursors (network_id, head_number, head_hash, confirmed_number, confirmed_hash,
      final_number, final_hash)
    values (1, 100, decode(repeat('aa', 32), 'hex'), 98, decode(repeat('bb', 32), 'hex'), 50,
      decode(repeat('cc', 32), 'hex'))`);
});

afterAll(async () => {
  await test?.close();
});

describe('listPayments', () => {
  const ids = (page: readonly IntentRecord[]) => page.map(({ intentId }) => intentId);
  const list = (filter: Partial<PaymentFilter> = {}, after: string | null = null, limit = 100) =>
    queries.listPayments(book.bookId, { ...everything, ...filter }, after, limit);

  it('pages newest first without gap or overlap while payments come in', async () => {
    const made: string[] = [];
    for (let at = 0; at < 8; at += 1) made.push(await rows.intent());
    await rows.intent({ payer: null });
    const walked: string[] = [];
    for (let after: string | null = null; ; ) {
      const page = ids(await list({}, after, 3));
      walked.push(...page);
      if (page.length < 3) break;
      after = page.at(-1) ?? null;
      await rows.intent();
    }
    expect(walked).toEqual(made.reverse());
    expect(await list({}, null, 0)).toEqual([]);
  });

  it('filters by status, network, endpoint and payer, each alone and together', async () => {
    const other = await test.setup.ensureEndpoint({ ...endpointSetup(book.bookId), path: '/other' });
    const payer = `0x${'bb'.repeat(20)}`;
    const bytes = Buffer.alloc(20, 0xbb);
    const failed = await rows.intent({ payer: bytes });
    await rows.moveIntent(failed, 'failed', `sequence = 1, failure_reason = 'interrupted'`);
    const unpriced = { source: 'api', terms_number: null, price_version_id: null };
    const elsewhere = await rows.intent({ payer: bytes, endpoint_id: other.endpointId, ...unpriced });
    expect(ids(await list({ payer }))).toEqual([elsewhere, failed]);
    expect(ids(await list({ status: ['failed'] }))).toEqual([failed]);
    expect(ids(await list({ status: ['failed', 'unknown'], payer, network: testNetwork }))).toEqual([failed]);
    expect(ids(await list({ endpointId: other.endpointId }))).toEqual([elsewhere]);
    expect(ids(await list({ status: ['open'], payer }, elsewhere))).toEqual([]);
    expect(await list({ network: 'eip155:8453' })).toEqual([]);
    expect(await list({ network: 'eip155:1' })).toEqual([]);
  });

  it('uses the index of rare statuses for those, and reads the primary key backwards else', async () => {
    const [large, largeRows] = await pricedBook('large', 0x74);
    await test.owner.query(
      `insert into payment_intents (book_id, intent_id, invoice_id, source, network_id, asset_id, wallet_id,
         amount_atomic, expires_at, payer)
       select $1, gen_random_uuid(), decode(repeat('11', 50), 'hex'), 'api', 1, 1, $2, 1, now(),
         decode(repeat('aa', 20), 'hex')
       from generate_series(1, 3000)`,
      [large.bookId, large.walletId],
    );
    await test.owner.query(
      `update payment_intents i set status = 'confirmed', sequence = 1, confirmed_at = now(), invoice_year = 2026,
         invoice_no = n.no
       from (select intent_id, row_number() over () as no from payment_intents where book_id = $1) n
       where i.book_id = $1 and i.intent_id = n.intent_id`,
      [large.bookId],
    );
    await largeRows.intent();
    await test.owner.query('analyze payment_intents');
    const planOf = async (status: readonly IntentStatus[]) => {
      const all = { networkId: null, endpointId: null, payer: null, flags: [], reason: null, found: null, made: null };
      const filter = { ...all, status, after: largeRows.id() };
      const { text, values } = paymentListStatement(large.bookId, filter, 51);
      const client = await test.app.connect();
      try {
        await client.query('begin');
        await client.query(`select set_config('tollbook.book_id', $1, true)`, [String(large.bookId)]);
        const { rows: lines } = await client.query(`explain ${text}`, values);
        return lines.map((line) => line['QUERY PLAN']).join('\n');
      } finally {
        await client.query('rollback');
        client.release();
      }
    };
    expect(await planOf(['failed', 'unknown'])).toContain('payment_intents_attention');
    expect(await planOf([])).toMatch(/Index Scan Backward using payment_intents_pkey/);
  });
});

describe('payment', () => {
  it('tells everything that belongs to a payment', async () => {
    const { intentId, attemptId, transferId, allocationId } = await rows.confirmedPayment(60n, 1);
    const opened = await rows.discrepancy({ kind: 'reorged', subject_id: attemptId, intent_id: intentId });
    const closed = await rows.discrepancy({
      kind: 'served_not_paid',
      subject_id: attemptId,
      intent_id: intentId,
      closed_at: new Date(),
      resolution: 'paid',
    });
    const detail = (await queries.payment(book.bookId, intentId)) ?? expect.fail();
    expect(detail.intent).toMatchObject({
      bookId: book.bookId,
      intentId,
      status: 'confirmed',
      network: testNetwork,
      assetId: 1,
      walletId: book.walletId,
      endpointId: book.endpointId,
      amountAtomic: 10_000n,
      invoiceYear: 2026,
      invoiceNo: 1,
      payer: `0x${'aa'.repeat(20)}`,
      sequence: 2,
      openDiscrepancies: ['reorged'],
    });
    expect(detail.attempts).toBe(detail.intent.attempts);
    expect(detail.attempts).toMatchObject([{ attemptId, intentId, status: 'confirmed', network: testNetwork }]);
    expect(detail.intent.allocations).toMatchObject([{ allocationId, transferId, bucket: 'payment', isFinal: false }]);
    expect(detail.transfers).toMatchObject([
      { transferId, stage: 'confirmed', blockNumber: 60n, to: book.walletAddress, toWalletId: book.walletId },
    ]);
    expect(detail.ledgerEntries).toMatchObject([
      {
        kind: 'payment_confirmed',
        causeId: allocationId,
        intentId,
        postings: [{ debitCode: rows.walletCode, creditCode: 'pending:none', assetId: 1, amountAtomic: 10_000n }],
      },
    ]);
    expect(detail.events).toMatchObject([
      { type: 'payment_intent.processing', sequence: 1, fromStatus: 'open', toStatus: 'processing' },
      { type: 'payment_intent.confirmed', sequence: 2, toStatus: 'confirmed', evidence: { sequence: 2 } },
    ]);
    expect(detail.discrepancies).toMatchObject([
      { discrepancyId: opened, kind: 'reorged', closedAtMs: null, resolution: null, assetId: 1, amountAtomic: 5n },
      { discrepancyId: closed, kind: 'served_not_paid', closedAtMs: expect.any(Number), resolution: 'paid' },
    ]);
  });

  it('tells how deep each transfer is, also one that is not reconciled or went with its block', async () => {
    const intentId = await rows.intent();
    const { replayKey, txHash } = await rows.attempt(intentId);
    const named = { tx_hash: txHash, replay_key: replayKey };
    const orphaned = await rows.transfer(40n, { ...named, orphaned_at: new Date() });
    await rows.transfer(41n, { ...named, replay_key: Buffer.alloc(32, 1), position: 4 });
    const seen = await rows.transfer(99n, named);
    const final = await rows.transfer(50n);
    await rows.allocation(final, intentId, { bucket: 'late', reversed_at: new Date() });
    const detail = await queries.payment(book.bookId, intentId);
    expect(detail?.transfers.map(({ transferId, stage }) => [transferId, stage])).toEqual([
      [orphaned, 'orphaned'],
      [final, 'final'],
      [seen, 'seen'],
    ]);
    expect(detail?.intent.allocations).toEqual([]);
  });

  it('takes as many statements for much as for little', async () => {
    const little = await rows.intent();
    const { intentId: much } = await rows.confirmedPayment(61n, 2);
    const count = countStatements(test.app);
    const during = async (work: () => Promise<unknown>) => {
      const before = count();
      await work();
      return count() - before;
    };
    const detail = await during(() => queries.payment(book.bookId, little));
    expect(await during(() => queries.payment(book.bookId, much))).toBe(detail);
    const page = await during(() => queries.listPayments(book.bookId, everything, null, 1));
    expect(await during(() => queries.listPayments(book.bookId, everything, null, 50))).toBe(page);
    expect([page, detail]).toEqual([6, 12]);
  });
});

describe('listDiscrepancies', () => {
  it('pages newest first, open or closed, by kind, each with its asset', async () => {
    const [own, ownRows] = await pricedBook('doubted', 0x72);
    const made: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      const transferId = await ownRows.transfer(BigInt(at));
      made.unshift(await ownRows.discrepancy({ kind: 'unmatched', subject_id: transferId, transfer_id: transferId }));
    }
    const closed = { closed_at: new Date(), resolution: 'refunded', amount_atomic: null };
    const late = await ownRows.discrepancy({ kind: 'late', subject_id: ownRows.id(), ...closed });
    const list = async (
      isOpen: boolean | null,
      kind: 'late' | 'unmatched' | null,
      after: string | null,
      limit: number,
    ) =>
      (await queries.listDiscrepancies(own.bookId, { isOpen, kind }, after, limit)).map((each) => each.discrepancyId);
    expect(await list(null, null, null, 4)).toEqual([late, ...made.slice(0, 3)]);
    expect(await list(null, null, made[2] ?? null, 4)).toEqual(made.slice(3));
    expect(await list(true, null, null, 50)).toEqual(made);
    expect(await list(false, null, null, 50)).toEqual([late]);
    expect(await list(true, 'late', null, 50)).toEqual([]);
    const [first, second] = await queries.listDiscrepancies(own.bookId, { isOpen: null, kind: null }, null, 2);
    expect(first).toMatchObject({ kind: 'late', assetId: null, amountAtomic: 0n, resolution: 'refunded' });
    expect(second).toMatchObject({ kind: 'unmatched', assetId: 1, amountAtomic: 5n, intentId: null });
  });
});

describe('another book', () => {
  it('sees nothing of this one, also by its ids', async () => {
    const [stranger] = await pricedBook('stranger', 0x73);
    const [mine] = await queries.listPayments(book.bookId, everything, null, 1);
    const { intentId } = mine ?? expect.fail();
    expect(await queries.listPayments(stranger.bookId, everything, null, 50)).toEqual([]);
    expect(await queries.payment(stranger.bookId, intentId)).toBeNull();
    expect(await queries.listDiscrepancies(stranger.bookId, { isOpen: null, kind: null }, null, 50)).toEqual([]);
    expect(await queries.payment(book.bookId, rows.id())).toBeNull();
  });
});
