import { type AuditContext, type RateCountDraft, type RateLimitStore, StoreUnavailable } from '@tollbook/usecases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StoreTest, setUpBook, startStoreTest, type TestBook } from '../../test/store-test.js';
import { createPool } from '../connect.js';
import { createGateConfigStore } from './gate-config-store.js';
import { createRateLimitStore } from './rate-limit-store.js';

const by: AuditContext = {
  actor: { kind: 'api_key', id: 'key_1', name: 'test' },
  requestId: 'req_1',
  address: '127.0.0.1',
};
const policy = { points: 60, windowSeconds: 60, burst: 5 };
const payer = `0x${'ab'.repeat(20)}`;

let test: StoreTest;
let store: RateLimitStore;
let sold: TestBook;
let other: TestBook;

beforeAll(async () => {
  test = await startStoreTest();
  store = createRateLimitStore({ pool: test.app, softPool: test.app });
  sold = await setUpBook(test.setup, 'sold', 0x11);
  other = await setUpBook(test.setup, 'other', 0x12);
});
afterAll(async () => {
  await test?.close();
});

/** The book as a gate loads it, and its configuration version. */
async function atTheGate() {
  const config = createGateConfigStore({ pool: test.app, catalog: test.catalog });
  const book = (await config.versions()).books.find((each) => each.bookId === sold.bookId);
  return config.loadBook(book ?? expect.fail());
}

async function audit() {
  const { rows } = await test.owner.query(
    `select action, target_kind, before, after, reason, actor_id from audit_log
     where actor_id <> 'tollbook' order by audit_seq`,
  );
  return rows;
}

describe('limits', () => {
  it('are changed one by one, told to the gate, and written into the audit log', async () => {
    const at = { bookId: sold.bookId, endpointId: sold.endpointId };
    const before = await atTheGate();
    const changed = await store.changeLimits(at, (limits) => ({ ...limits, paid: policy }), 'too hasty', by);
    expect(changed).toMatchObject({ method: 'GET', path: '/weather', limits: { paid: policy, unpaid: null } });
    const after = await atTheGate();
    expect(after.endpoints[0]?.limits).toEqual({ paid: policy, unpaid: null });
    expect(after.configVersion).toBeGreaterThan(before.configVersion);
    expect(await audit()).toEqual([
      {
        action: 'limit.changed',
        target_kind: 'endpoint',
        before: { paid: null, unpaid: null },
        after: { paid: policy, unpaid: null },
        reason: 'too hasty',
        actor_id: 'key_1',
      },
    ]);
  });

  it('that stay the same change nothing and are not written down', async () => {
    const at = { bookId: sold.bookId, endpointId: sold.endpointId };
    const { configVersion } = await atTheGate();
    await store.changeLimits(at, (limits) => limits, '', by);
    expect((await atTheGate()).configVersion).toBe(configVersion);
    expect(await audit()).toHaveLength(1);
  });

  it('of another book’s endpoint are not there', async () => {
    const at = { bookId: sold.bookId, endpointId: other.endpointId };
    expect(await store.changeLimits(at, () => ({ paid: null, unpaid: null }), '', by)).toBeNull();
    expect(await store.endpoint(sold.bookId, other.endpointId)).toBeNull();
    expect((await store.endpoints(sold.bookId, null, 10)).map(({ endpointId }) => endpointId)).toEqual([
      sold.endpointId,
    ]);
  });
});

describe('an exception', () => {
  const override = {
    subjectKind: 'payer',
    subject: payer,
    endpointId: null,
    decision: { action: 'block' },
    expiresAtMs: null,
    reason: 'abuse',
  } as const;

  it('reaches the gate, and one of the same subject takes its place', async () => {
    const first = await store.setOverride(sold.bookId, override, by);
    const limit = { ...override, decision: { action: 'limit', policy }, expiresAtMs: Date.now() + 60_000 } as const;
    const second = await store.setOverride(sold.bookId, limit, by);
    expect(first?.overrideId).not.toBe(second?.overrideId);
    expect(await store.overrides(sold.bookId, null, 10)).toEqual([second]);
    const { reason: _, ...shown } = limit;
    expect((await atTheGate()).overrides.get(payer)).toEqual([shown]);
    expect((await audit()).at(-1)).toMatchObject({
      action: 'limit_override.set',
      before: { action: 'block' },
      after: { action: 'limit', policy, subject: payer },
    });
  });

  it('at one endpoint stands beside that of all', async () => {
    const here = { ...override, endpointId: sold.endpointId };
    const record = await store.setOverride(sold.bookId, here, by);
    expect(await store.overrides(sold.bookId, null, 10)).toHaveLength(2);
    const which = { bookId: sold.bookId, overrideId: record?.overrideId ?? '', reason: 'paid up' };
    expect(await store.removeOverride(which, by)).toBe(true);
    expect((await audit()).at(-1)).toMatchObject({ action: 'limit_override.removed', reason: 'paid up' });
    expect(await store.removeOverride(which, by)).toBe(false);
  });

  it('that has expired is not told any more', async () => {
    const over = { ...override, subject: '0011223344556677', subjectKind: 'address', expiresAtMs: 1_000 } as const;
    await store.setOverride(sold.bookId, over, by);
    expect((await store.overrides(sold.bookId, null, 10)).map(({ subject }) => subject)).toEqual([payer]);
    expect([...(await atTheGate()).overrides.keys()]).toEqual([payer]);
  });

  it('is refused at an endpoint of another book, and not seen by it', async () => {
    expect(await store.setOverride(sold.bookId, { ...override, endpointId: other.endpointId }, by)).toBeNull();
    expect(await store.overrides(other.bookId, null, 10)).toEqual([]);
  });
});

describe('counts', () => {
  const draft = (changes: Partial<RateCountDraft>): RateCountDraft => ({
    bookId: sold.bookId,
    endpointId: sold.endpointId,
    side: 'paid',
    subject: '',
    allowed: 0,
    throttled: 0,
    used: 0,
    resetsAtMs: null,
    lastSeenAtMs: Date.now(),
    ...changes,
  });

  it('of several processes add up, and the fuller of two windows is told', async () => {
    const resetsAtMs = Date.now() + 60_000;
    const one = [
      draft({ allowed: 3, throttled: 1 }),
      draft({ subject: payer, allowed: 3, throttled: 1, used: 3, resetsAtMs }),
    ];
    const two = [draft({ allowed: 1, throttled: 4 }), draft({ subject: payer, throttled: 4, used: 2, resetsAtMs })];
    await store.saveCounts(sold.bookId, one);
    await store.saveCounts(sold.bookId, two);
    const counts = await store.countsOfDay(sold.bookId, [sold.endpointId]);
    const place = { endpointId: sold.endpointId, side: 'paid' };
    expect(counts.hours).toMatchObject([{ ...place, allowed: 4, throttled: 5 }]);
    expect(counts.lastHour).toEqual([{ ...place, allowed: 4, throttled: 5 }]);
    expect(counts.subjects).toMatchObject([
      { ...place, subject: payer, throttledLastHour: 5, throttledLastDay: 5, used: 3, resetsAtMs },
    ]);
  });

  it('tell those who were held back most, and no window that has ended', async () => {
    const drafts = Array.from({ length: 30 }, (_, at) =>
      draft({ side: 'unpaid', subject: `caller ${at}`, throttled: at, used: 9, resetsAtMs: Date.now() - 1 }),
    );
    await store.saveCounts(sold.bookId, drafts);
    const { subjects } = await store.countsOfDay(sold.bookId, [sold.endpointId]);
    const unpaid = subjects.filter(({ side }) => side === 'unpaid');
    expect(unpaid.map(({ throttledLastDay }) => throttledLastDay)).toEqual([29, 28, 27, 26, 25, 24, 23, 22, 21, 20]);
    expect(unpaid[0]).toMatchObject({ used: 0, resetsAtMs: null });
  });

  it('older than a day are forgotten, and those of another book are never seen', async () => {
    await test.owner.query(
      `update rate_limit_counts set starts_at = starts_at - interval '27 hours' where side = 'unpaid'`,
    );
    await store.forgetCounts(sold.bookId);
    const { rows } = await test.owner.query('select distinct side from rate_limit_counts');
    expect(rows).toEqual([{ side: 'paid' }]);
    expect(await store.countsOfDay(other.bookId, [sold.endpointId])).toEqual({ hours: [], lastHour: [], subjects: [] });
  });

  it('of an invoice without an endpoint keep no others from being written', async () => {
    const noEndpoint = '00000000-0000-7000-8000-000000000000';
    const drafts = [draft({ endpointId: noEndpoint, throttled: 1 }), draft({ subject: 'beside it', throttled: 2 })];
    await store.saveCounts(sold.bookId, drafts);
    const { subjects } = await store.countsOfDay(sold.bookId, [sold.endpointId, noEndpoint]);
    expect(subjects).toContainEqual(expect.objectContaining({ subject: 'beside it', throttledLastDay: 2 }));
    expect(subjects.map(({ endpointId }) => endpointId)).not.toContain(noEndpoint);
  });

  it('wait while the database is away', async () => {
    const pool = createPool('postgresql://tollbook@127.0.0.1:1/none', {
      role: 'tollbook_app',
      max: 1,
      applicationName: 'away',
    });
    const away = createRateLimitStore({ pool, softPool: pool });
    await expect(away.saveCounts(sold.bookId, [draft({})])).rejects.toThrow(StoreUnavailable);
    await pool.end();
  });
});
