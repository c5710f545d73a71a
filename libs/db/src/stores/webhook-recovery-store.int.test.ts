import { randomBytes } from 'node:crypto';
import { encodeId } from '@tollbook/domain';
import { createTellDisabled, type DeliveryStore, systemContext, type WebhookRecoveryStore } from '@tollbook/usecases';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StoreTest, setUpBook, startStoreTest } from '../../test/store-test.js';
import { newId } from '../new-id.js';
import { createDeliveryStore } from './delivery-store.js';
import { createWebhookRecoveryStore } from './webhook-recovery-store.js';

const dayMs = 86_400_000;

let test: StoreTest;
let store: WebhookRecoveryStore;
let deliveries: DeliveryStore;
let bookId: number;

beforeAll(async () => {
  test = await startStoreTest();
  store = createWebhookRecoveryStore(test.app);
  deliveries = createDeliveryStore(
    test.worker,
    createTellDisabled({ clock: { nowMs: Date.now }, crypto: { randomBytes } }),
  );
  bookId = (await setUpBook(test.setup, 'shop', 1)).bookId;
});

afterAll(async () => {
  await test?.close();
});

async function rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
  return (await test.worker.query<Row>(text, values)).rows;
}

async function inBook(text: string, values: unknown[]): Promise<void> {
  const client = await test.app.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('tollbook.book_id', $1, true)`, [String(bookId)]);
    await client.query(text, values);
    await client.query('commit');
  } finally {
    client.release();
  }
}

async function addEndpoint(): Promise<string> {
  const id = newId();
  await inBook(
    `insert into webhook_endpoints (book_id, webhook_endpoint_id, url, events) values ($1, $2, 'http://a/', '{*}')`,
    [bookId, id],
  );
  return id;
}

/** A delivery that stands at `status`, made some days ago. */
async function addDelivery(endpoint: string, status: string, daysAgo = 0): Promise<string> {
  const eventId = newId();
  const madeAt = (Date.now() - daysAgo * dayMs).toString(16).padStart(12, '0');
  const deliveryId = `${madeAt.slice(0, 8)}-${madeAt.slice(8)}-7000-8000-${randomBytes(6).toString('hex')}`;
  await inBook(
    `with told as (
       insert into events (book_id, event_id, type, body_hash) values ($1, $2, 'webhook.test', $3)
     )
     insert into deliveries (book_id, delivery_id, event_id, webhook_endpoint_id, next_attempt_at)
     values ($1, $4, $2, $5, now())`,
    [bookId, eventId, Buffer.alloc(32), deliveryId, endpoint],
  );
  if (status !== 'pending') {
    await rows(
      `update deliveries set status = $2, tries = 11, next_attempt_at = null, done_at = now() where delivery_id = $1`,
      [deliveryId, status],
    );
  }
  return deliveryId;
}

const statesOf = async (ids: readonly string[]) => {
  const found = await rows<{ delivery_id: string; status: string; tries: number }>(
    'select delivery_id, status, tries from deliveries where delivery_id = any($1)',
    [ids],
  );
  return ids.map((id) => {
    const row = found.find(({ delivery_id }) => delivery_id === id);
    return `${row?.status} ${row?.tries}`;
  });
};

const start = (webhookEndpointId: string, daysAgo: number, webhookRecoveryId = newId()) =>
  store.start(
    { bookId, webhookEndpointId, reason: 'it is well again', by: systemContext },
    { webhookRecoveryId, sinceMs: Date.now() - daysAgo * dayMs },
  );

async function started(webhookEndpointId: string, daysAgo: number) {
  const result = await start(webhookEndpointId, daysAgo);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result.recovery;
}

describe('a recovery', () => {
  it('makes due again what one endpoint was not told since a time, under the same ids, and nothing else', async () => {
    const [endpoint, other] = [await addEndpoint(), await addEndpoint()];
    const ids = [
      await addDelivery(endpoint, 'exhausted', 1),
      await addDelivery(endpoint, 'dropped', 2),
      await addDelivery(endpoint, 'exhausted', 4),
      await addDelivery(endpoint, 'delivered', 1),
      await addDelivery(endpoint, 'pending', 1),
      await addDelivery(other, 'exhausted', 1),
    ];
    expect(await store.count(bookId, endpoint, Date.now() - 3 * dayMs)).toMatchObject({ kind: 'counted', count: 2 });
    const recovery = await started(endpoint, 3);
    expect(recovery).toMatchObject({ webhookEndpointId: endpoint, total: 2, resent: 0, doneAtMs: null });
    expect(await deliveries.recover(10)).toBe(2);
    const done = await store.one(bookId, endpoint, recovery.webhookRecoveryId);
    expect(done).toMatchObject({ total: 2, resent: 2, doneAtMs: expect.any(Number) });
    const given = ['exhausted 11', 'delivered 11', 'pending 0', 'exhausted 11'];
    expect(await statesOf(ids)).toEqual(['pending 0', 'pending 0', ...given]);
    expect(await deliveries.recover(10)).toBe(0);
    expect(await store.one(bookId, endpoint, recovery.webhookRecoveryId)).toEqual(done);
  });

  it('goes on in batches, oldest first, and leaves what was given up after it began', async () => {
    const endpoint = await addEndpoint();
    const ids = [
      await addDelivery(endpoint, 'exhausted', 3),
      await addDelivery(endpoint, 'exhausted', 2),
      await addDelivery(endpoint, 'exhausted', 1),
    ];
    const { webhookRecoveryId } = await started(endpoint, 7);
    const late = await addDelivery(endpoint, 'exhausted', 2);
    expect(await deliveries.recover(2)).toBe(2);
    expect(await statesOf(ids)).toEqual(['pending 0', 'pending 0', 'exhausted 11']);
    expect(await store.one(bookId, endpoint, webhookRecoveryId)).toMatchObject({ resent: 2, doneAtMs: null });
    expect(await deliveries.recover(2)).toBe(1);
    expect(await statesOf([...ids, late])).toEqual(['pending 0', 'pending 0', 'pending 0', 'exhausted 11']);
    expect(await store.one(bookId, endpoint, webhookRecoveryId)).toMatchObject({
      resent: 3,
      doneAtMs: expect.any(Number),
    });
  });

  it('makes each delivery due once, however many carry it out at a time', async () => {
    const endpoint = await addEndpoint();
    for (let at = 0; at < 6; at += 1) await addDelivery(endpoint, 'exhausted');
    const { webhookRecoveryId } = await started(endpoint, 1);
    const counts = await Promise.all([deliveries.recover(4), deliveries.recover(4)]);
    const rest = await deliveries.recover(4);
    expect([...counts, rest].reduce((sum, count) => sum + count, 0)).toBe(6);
    expect((await store.one(bookId, endpoint, webhookRecoveryId))?.resent).toBe(6);
  });

  it('reaches back no further than what events said is kept', async () => {
    const endpoint = await addEndpoint();
    await addDelivery(endpoint, 'exhausted', 61);
    await addDelivery(endpoint, 'exhausted', 59);
    const { total, sinceMs } = await started(endpoint, 20_000);
    expect(total).toBe(1);
    expect(sinceMs).toBeGreaterThan(Date.now() - 61 * dayMs);
    expect(await deliveries.recover(10)).toBe(1);
  });

  it('is refused beside another, for an endpoint that is told nothing, and for none at all', async () => {
    const endpoint = await addEndpoint();
    const { webhookRecoveryId } = await started(endpoint, 1);
    const running = { kind: 'refused', reason: 'running' };
    expect([await start(endpoint, 1), await store.count(bookId, endpoint, 0)]).toEqual([running, running]);
    expect(await start(endpoint, 1, webhookRecoveryId)).toMatchObject({ kind: 'started', recovery: { total: 0 } });
    await deliveries.recover(1);
    await rows('update webhook_endpoints set is_enabled = false where webhook_endpoint_id = $1', [endpoint]);
    expect(await start(endpoint, 1)).toEqual({ kind: 'refused', reason: 'disabled' });
    expect(await start(newId(), 1)).toEqual({ kind: 'refused', reason: 'unknown' });
    expect(await store.list(bookId, newId(), null, 5)).toBeNull();
  });

  it('is listed newest first, and stands in the audit log', async () => {
    const endpoint = await addEndpoint();
    const first = await started(endpoint, 1);
    await deliveries.recover(1);
    const second = await started(endpoint, 2);
    await deliveries.recover(1);
    const listed = await store.list(bookId, endpoint, null, 5);
    const ids = [second, first].map(({ webhookRecoveryId }) => webhookRecoveryId);
    expect(listed?.map(({ webhookRecoveryId }) => webhookRecoveryId)).toEqual(ids);
    expect(await store.list(bookId, endpoint, second.webhookRecoveryId, 5)).toHaveLength(1);
    const audit = await rows(
      `select reason from audit_log where action = 'webhook_endpoint.recovery_started' and target_id = $1`,
      [encodeId('webhookEndpoint', endpoint)],
    );
    expect(audit).toEqual([{ reason: 'it is well again' }, { reason: 'it is well again' }]);
  });
});
