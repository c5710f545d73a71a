import { auditHash, type JsonValue } from '@tollbook/domain';
import type { AuditContext } from '@tollbook/usecases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StoreTest, setUpBook, startStoreTest, type TestBook } from '../../test/store-test.js';
import { changeConfiguration } from '../change-configuration.js';
import { sha256 } from '../sha256.js';

const by: AuditContext = {
  actor: { kind: 'user', id: 'user-1', name: 'Ada' },
  requestId: 'req_1',
  address: '::1',
};

let test: StoreTest;
let ours: TestBook;
let others: TestBook;

beforeAll(async () => {
  test = await startStoreTest();
  ours = await setUpBook(test.setup, 'ours', 1);
  others = await setUpBook(test.setup, 'others', 2);
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
    expect(rows.map((row) => row.audit_seq)).toEqual([1n, 2n, 3n, 4n, 5n, 6n]);
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
