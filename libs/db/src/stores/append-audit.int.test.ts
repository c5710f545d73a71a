import { auditHash, type JsonValue } from '@tollbook/domain';
import type { AuditContext } from '@tollbook/usecases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StoreTest, setUpBook, startStoreTest, type TestBook } from '../../test/store-test.js';
import { changeConfiguration } from '../change-configuration.js';
import { sha256 } from '../sha256.js';
import { createAuditQueries } from './audit-queries.js';

const by: AuditContext = {
  actor: { kind: 'user', id: 'user-1', name: 'Ada' },
  requestId: 'req_1',
  address: '::1',
};

let test: StoreTest;
let ours: TestBook;
let others: TestBook;
let odd: TestBook;

beforeAll(async () => {
  test = await startStoreTest();
  ours = await setUpBook(test.setup, 'ours', 1);
  others = await setUpBook(test.setup, 'others', 2);
  odd = await setUpBook(test.setup, 'odd', 3);
});
afterAll(() => test?.close());

const draft = (targetId: string, after: JsonValue) => ({
  action: 'price.changed',
  targetKind: 'endpoint',
  targetId,
  before: null,
  after,
  reason: 'dearer',
});
const change = (book: TestBook, audit: readonly ReturnType<typeof draft>[], isFailing = false) =>
  changeConfiguration(
    test.app,
    book.bookId,
    async () => {
      if (isFailing) throw new Error('thought better of it');
      return { result: undefined, isChanged: true, audit };
    },
    by,
  );

describe('the audit log', () => {
  it('chains what is changed, per merchant, and reads back to the same hashes', async () => {
    await change(ours, [draft('ep_1', { b: 1, a: ['x'] }), draft('ep_2', { z: { y: null, x: 'ü' } })]);
    await Promise.all([1, 2, 3, 4].map((number) => change(ours, [draft(`ep_${number}`, { number })])));
    await change(others, [draft('ep_1', {})]);
    const { rows } = await test.owner.query(
      `select *, host(address) as address from audit_log where merchant_id = $1 order by audit_seq`,
      [ours.book.merchantId],
    );
    // The wallet and the endpoint of the set-up, and those six.
    expect(rows.map((row) => row.audit_seq)).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);
    let previous: Uint8Array = new Uint8Array(32);
    for (const row of rows) {
      const entry = {
        auditSeq: row.audit_seq,
        atUnixMs: row.created_at.getTime(),
        mode: row.mode,
        actorKind: row.actor_kind,
        actorId: row.actor_id,
        actorName: row.actor_name,
        action: row.action,
        targetKind: row.target_kind,
        targetId: row.target_id,
        before: row.before,
        after: row.after,
        reason: row.reason,
        requestId: row.request_id,
        address: row.address,
      };
      previous = auditHash(previous, entry, sha256);
      expect(Buffer.from(row.chain_hash).equals(previous)).toBe(true);
    }
  });

  it('chains any text, address and JSON as the database reads it back', async () => {
    const audit = createAuditQueries(test.app);
    const texts = ['\ud800', 'a\udfffb', '\u{1f4b0}', 'a\u2028b', ''];
    for (const [at, text] of texts.entries()) {
      const actor = { kind: 'user', id: text, name: text } as const;
      const address = ['2001:DB8:0:0:0:0:0:1', '::FFFF:0a00:0001', null][at % 3] ?? null;
      const written = { ...draft(text, { [`${at}`]: [1e21, -0, 0.1, 1e-7] }), reason: text };
      const make = async () => ({ result: undefined, isChanged: true, audit: [written] });
      await changeConfiguration(test.app, odd.bookId, make, { actor, requestId: text, address });
    }
    const nobody = { actorId: null, action: null, targetId: null, fromMs: null, toMs: null };
    const rows = await audit.list({ merchantId: odd.book.merchantId, mode: 'test' }, nobody, null, 100);
    expect(rows.filter(({ isChained }) => !isChained)).toEqual([]);
    // After those of the set-up: its wallet and its endpoint.
    expect(
      rows
        .map(({ reason }) => reason)
        .reverse()
        .slice(2),
    ).toEqual(['\ufffd', 'a\ufffdb', '\u{1f4b0}', 'a\u2028b', '']);
  });

  it('holds nothing of a change that was not made', async () => {
    const count = async () => (await test.owner.query('select count(*)::integer as n from audit_log')).rows[0].n;
    const before = await count();
    await expect(change(ours, [draft('ep_9', {})], true)).rejects.toThrow('thought better');
    expect(await count()).toBe(before);
  });

  it('is seen by the merchant that the dbTx names, and by nobody else', async () => {
    const client = await test.app.connect();
    try {
      expect((await client.query('select 1 from audit_log')).rowCount).toBe(0);
      await client.query('begin');
      await client.query(`select set_config('tollbook.merchant_id', $1, true)`, [others.book.merchantId]);
      const { rows } = await client.query('select distinct merchant_id from audit_log');
      expect(rows).toEqual([{ merchant_id: others.book.merchantId }]);
      await client.query('rollback');
    } finally {
      client.release();
    }
  });
});
