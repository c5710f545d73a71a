import { randomBytes } from 'node:crypto';
import { encodeId, endpointFailingMsMax } from '@tollbook/domain';
import {
  createTellDisabled,
  type DeliveryResult,
  type DeliveryStore,
  type LeasedDelivery,
  type LeaseOptions,
} from '@tollbook/usecases';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type StoreTest, setUpBook, startStoreTest } from '../../test/store-test.js';
import { newId } from '../new-id.js';
import { createDeliveryStore } from './delivery-store.js';

let test: StoreTest;
let store: DeliveryStore;
let bookId: number;

const tellDisabled = createTellDisabled({ clock: { nowMs: Date.now }, crypto: { randomBytes } });

const options: LeaseOptions = { limit: 10, perEndpointMax: 4, perFailingEndpointMax: 1, busy: [], leaseMs: 60_000 };

beforeAll(async () => {
  test = await startStoreTest();
  store = createDeliveryStore(test.worker, tellDisabled);
  bookId = (await setUpBook(test.setup, 'shop', 1)).bookId;
});

afterAll(async () => {
  await test?.close();
});

/** As a role that row-level security lets in. */
async function rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
  return (await test.worker.query<Row>(text, values)).rows;
}

async function inBook<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await test.app.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('tollbook.book_id', $1, true)`, [String(bookId)]);
    const result = await work(client);
    await client.query('commit');
    return result;
  } finally {
    client.release();
  }
}

async function addEndpoint(): Promise<string> {
  const id = newId();
  await inBook(async (client) => {
    await client.query(
      `insert into webhook_endpoints (book_id, webhook_endpoint_id, url, events) values ($1, $2, 'http://a/', '{*}')`,
      [bookId, id],
    );
    await client.query(
      `insert into webhook_secrets (book_id, webhook_secret_id, webhook_endpoint_id, secret_sealed, expires_at)
       values ($1, $2, $3, '\\x01', null), ($1, $4, $3, '\\x02', now() + interval '1 hour'),
         ($1, $5, $3, '\\x03', now() - interval '1 second')`,
      [bookId, newId(), id, newId(), newId()],
    );
  });
  return id;
}

/** Deliveries of fresh events, the first due longest; `isKept` says whether the event's body is still there. */
async function addDeliveries(endpoint: string, count: number, isKept = true): Promise<void> {
  await inBook(async (client) => {
    for (let at = 0; at < count; at += 1) {
      const eventId = newId();
      const hash = Buffer.alloc(32);
      await client.query(
        `insert into events (book_id, event_id, type, body_hash) values ($1, $2, 'webhook.test', $3)`,
        [bookId, eventId, hash],
      );
      if (isKept) {
        const body = `body ${eventId}`;
        await client.query('insert into event_bodies (book_id, event_id, body) values ($1, $2, $3)', [
          bookId,
          eventId,
          body,
        ]);
      }
      await client.query(
        `insert into deliveries (book_id, delivery_id, event_id, webhook_endpoint_id, next_attempt_at)
         values ($1, $2, $3, $4, now() - $5 * interval '1 second')`,
        [bookId, newId(), eventId, endpoint, count - at],
      );
    }
  });
}

const resultOf = (leased: LeasedDelivery, more: Partial<DeliveryResult> = {}): DeliveryResult => ({
  bookId: leased.bookId,
  deliveryId: leased.deliveryId,
  deliveryAttemptId: leased.deliveryAttemptId,
  webhookEndpointId: leased.webhookEndpointId,
  tries: leased.tries,
  status: 'delivered',
  delayMs: null,
  isGone: false,
  sent: {
    requestHeaders: [['webhook-id', 'evt_a']],
    httpStatus: 200,
    retryAfterSeconds: null,
    error: null,
    responseHeaders: [['x-a', '1']],
    responseBody: 'ok',
    timings: { headMs: 3, totalMs: 4 },
  },
  unsentReason: null,
  ...more,
});

const failed = (leased: LeasedDelivery, more: Partial<DeliveryResult> = {}) =>
  resultOf(leased, { status: 'pending', delayMs: 5_000, sent: null, unsentReason: 'timeout', ...more });

const stateOf = async (deliveryId: string) =>
  (
    await rows<{ status: string; tries: number; wait_s: number | null; is_done: boolean; last_http_status: number }>(
      `select status, tries, round(extract(epoch from next_attempt_at - now()))::integer as wait_s,
         done_at is not null as is_done, last_http_status from deliveries where delivery_id = $1`,
      [deliveryId],
    )
  )[0];

beforeEach(async () => {
  await rows(
    `update deliveries set status = 'dropped', next_attempt_at = null, done_at = now() where status = 'pending'`,
  );
  await rows('update webhook_endpoints set is_enabled = false');
});

describe('a lease', () => {
  it('takes what is due, oldest first, with body, url and the secrets that are not over, the current one first', async () => {
    const endpoint = await addEndpoint();
    await addDeliveries(endpoint, 3);
    const leased = await store.lease(options);
    expect(leased).toHaveLength(3);
    for (const each of leased) {
      expect(each).toMatchObject({ bookId, webhookEndpointId: endpoint, tries: 1, url: 'http://a/' });
      expect(each.body).toBe(`body ${each.eventId}`);
      expect(each.secrets.map(({ secretSealed }) => [...secretSealed])).toEqual([[1], [2]]);
    }
  });

  it('gives nothing twice, until it is over; each try has a row that says it began', async () => {
    await addDeliveries(await addEndpoint(), 2);
    const [first] = await store.lease({ ...options, leaseMs: 0, limit: 1 });
    const again = await store.lease(options);
    expect(again.map(({ deliveryId, tries }) => [deliveryId === first?.deliveryId, tries]).toSorted()).toEqual([
      [false, 1],
      [true, 2],
    ]);
    expect(await store.lease(options)).toEqual([]);
    const attempts = await rows('select finished_at from delivery_attempts where delivery_id = $1', [
      first?.deliveryId,
    ]);
    expect(attempts).toEqual([{ finished_at: null }, { finished_at: null }]);
  });

  it('is taken by one of many who ask at once', async () => {
    await addDeliveries(await addEndpoint(), 4);
    const taken = await Promise.all([store.lease(options), store.lease(options)]);
    const ids = taken.flat().map(({ deliveryId }) => deliveryId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('lets no endpoint have more than its share, counting what is in flight, and a failing one less', async () => {
    const [busyOne, failing, other] = [await addEndpoint(), await addEndpoint(), await addEndpoint()];
    for (const endpoint of [busyOne, failing, other]) await addDeliveries(endpoint, 6);
    await rows('update webhook_endpoints set failing_since = now() where webhook_endpoint_id = $1', [failing]);
    const busy = [{ bookId, webhookEndpointId: busyOne, inFlight: 3 }];
    const leased = await store.lease({ ...options, limit: 100, busy });
    const countOf = (endpoint: string) => leased.filter((each) => each.webhookEndpointId === endpoint).length;
    expect([busyOne, failing, other].map(countOf)).toEqual([1, 1, 4]);
  });

  it('leaves what an endpoint that is disabled, or not due, is waiting for', async () => {
    const endpoint = await addEndpoint();
    await addDeliveries(endpoint, 1);
    await rows('update webhook_endpoints set is_enabled = false');
    expect(await store.lease(options)).toEqual([]);
    await rows('update webhook_endpoints set is_enabled = true where webhook_endpoint_id = $1', [endpoint]);
    await rows(`update deliveries set next_attempt_at = now() + interval '1 minute' where status = 'pending'`);
    expect(await store.lease(options)).toEqual([]);
  });

  it('says where an event is no longer kept whole', async () => {
    await addDeliveries(await addEndpoint(), 1, false);
    expect((await store.lease(options)).map(({ body }) => body)).toEqual([null]);
  });
});

describe('finishing', () => {
  it('records deliveries and failures of many at once, with what was sent and answered', async () => {
    await addDeliveries(await addEndpoint(), 3);
    const [one, two, three] = await store.lease(options);
    if (!one || !two || !three) throw new Error('three were due');
    await store.finish([resultOf(one), failed(two), failed(three, { status: 'exhausted', delayMs: null })]);
    expect(await stateOf(one.deliveryId)).toEqual({
      status: 'delivered',
      tries: 1,
      wait_s: null,
      is_done: true,
      last_http_status: 200,
    });
    expect(await stateOf(two.deliveryId)).toMatchObject({ status: 'pending', wait_s: 5, is_done: false });
    expect(await stateOf(three.deliveryId)).toMatchObject({ status: 'exhausted', wait_s: null, is_done: true });
    const [attempt] = await rows('select * from delivery_attempts where delivery_attempt_id = $1', [
      one.deliveryAttemptId,
    ]);
    expect(attempt).toMatchObject({
      http_status: 200,
      error: null,
      timings: { headMs: 3, totalMs: 4 },
      request_headers: [['webhook-id', 'evt_a']],
      response_headers: [['x-a', '1']],
      response_body: 'ok',
    });
    expect(attempt?.finished_at).toBeInstanceOf(Date);
  });

  it('lets a late failure change nothing that was taken over, and a late success everything', async () => {
    await addDeliveries(await addEndpoint(), 1);
    const [late] = await store.lease({ ...options, leaseMs: 0 });
    const [current] = await store.lease(options);
    if (!late || !current) throw new Error('it was due twice');
    await store.finish([failed(late)]);
    expect(await stateOf(late.deliveryId)).toMatchObject({ status: 'pending', tries: 2, wait_s: 60 });
    await store.finish([resultOf(late)]);
    expect(await stateOf(late.deliveryId)).toMatchObject({ status: 'delivered', tries: 2 });
    await store.finish([failed(current)]);
    expect(await stateOf(late.deliveryId)).toMatchObject({ status: 'delivered' });
  });

  it('marks an endpoint as failing from its first failure until something is taken', async () => {
    const endpoint = await addEndpoint();
    const sinceOf = async () =>
      (await rows('select failing_since from webhook_endpoints where webhook_endpoint_id = $1', [endpoint]))[0]
        ?.failing_since;
    await addDeliveries(endpoint, 3);
    const [one, two, three] = await store.lease(options);
    if (!one || !two || !three) throw new Error('three were due');
    await store.finish([failed(one)]);
    const since = await sinceOf();
    expect(since).toBeInstanceOf(Date);
    await store.finish([failed(two)]);
    expect(await sinceOf()).toEqual(since);
    await store.finish([resultOf(three)]);
    expect(await sinceOf()).toBeNull();
  });

  it('disables an endpoint that says it is gone, on record, and leaves what else it was to be told', async () => {
    const endpoint = await addEndpoint();
    await addDeliveries(endpoint, 3);
    const [one, two] = await store.lease({ ...options, limit: 2 });
    if (!one || !two) throw new Error('two were due');
    const gone = { status: 'dropped', delayMs: null, isGone: true } as const;
    await store.finish([resultOf(one, gone), resultOf(two, gone)]);
    expect(await stateOf(one.deliveryId)).toMatchObject({ status: 'dropped' });
    expect(
      await rows('select is_enabled, disabled_reason from webhook_endpoints where webhook_endpoint_id = $1', [
        endpoint,
      ]),
    ).toEqual([{ is_enabled: false, disabled_reason: 'gone' }]);
    expect(
      await rows(`select from deliveries where webhook_endpoint_id = $1 and status = 'pending'`, [endpoint]),
    ).toHaveLength(1);
    expect(await disabledAudit(endpoint)).toEqual([
      { actor_kind: 'system', after: { isEnabled: false, disabledReason: 'gone' } },
    ]);
  });

  it('disables an endpoint that fails once more after days of failures alone, and tells the others', async () => {
    const [endpoint, fresh, other] = [await addEndpoint(), await addEndpoint(), await addEndpoint()];
    const failingSince = (id: string, ms: number) =>
      rows(
        `update webhook_endpoints set failing_since = now() - $2 * interval '1 millisecond' where webhook_endpoint_id = $1`,
        [id, ms],
      );
    await failingSince(endpoint, endpointFailingMsMax);
    // Well within the limit, however slowly this test runs.
    await failingSince(fresh, endpointFailingMsMax - 3_600_000);
    for (const id of [endpoint, fresh]) await addDeliveries(id, 1);
    const leased = await store.lease(options);
    expect(leased).toHaveLength(2);
    await store.finish(leased.map((each) => failed(each)));
    const states = await rows<{ webhook_endpoint_id: string }>(
      `select webhook_endpoint_id, is_enabled, disabled_reason, failing_since is not null as is_failing
       from webhook_endpoints where webhook_endpoint_id = any($1)`,
      [[endpoint, fresh]],
    );
    expect(new Set(states)).toEqual(
      new Set([
        { webhook_endpoint_id: endpoint, is_enabled: false, disabled_reason: 'failing', is_failing: true },
        { webhook_endpoint_id: fresh, is_enabled: true, disabled_reason: null, is_failing: true },
      ]),
    );
    expect(await disabledAudit(endpoint)).toEqual([
      { actor_kind: 'system', after: { isEnabled: false, disabledReason: 'failing' } },
    ]);
    const told = await rows<{ body: string; webhook_endpoint_id: string }>(
      `select b.body, d.webhook_endpoint_id from events e
       join event_bodies b on b.book_id = e.book_id and b.event_id = e.event_id
       join outbox o on o.book_id = e.book_id and o.event_id = e.event_id
       join deliveries d on d.book_id = e.book_id and d.event_id = e.event_id
       where e.type = 'webhook_endpoint.disabled' and b.body like '%"failing"%'`,
    );
    expect(new Set(told.map(({ webhook_endpoint_id }) => webhook_endpoint_id))).toEqual(new Set([fresh, other]));
    expect(JSON.parse(told[0]?.body ?? '')).toMatchObject({
      type: 'webhook_endpoint.disabled',
      sequence: null,
      data: { url: 'http://a/', state: 'disabled', disabledReason: 'failing' },
    });
  });

  it('disables nothing that took something meanwhile, nor twice what is disabled', async () => {
    const endpoint = await addEndpoint();
    await rows(
      `update webhook_endpoints set failing_since = now() - interval '9 days' where webhook_endpoint_id = $1`,
      [endpoint],
    );
    await addDeliveries(endpoint, 3);
    const [one, two, three] = await store.lease({ ...options, perFailingEndpointMax: 3 });
    if (!one || !two || !three) throw new Error('three were due');
    await store.finish([failed(one), resultOf(two)]);
    expect(await disabledAudit(endpoint)).toEqual([]);
    await rows(
      `update webhook_endpoints set is_enabled = false, failing_since = now() - interval '9 days'
       where webhook_endpoint_id = $1`,
      [endpoint],
    );
    await store.finish([failed(three)]);
    expect(await disabledAudit(endpoint)).toEqual([]);
  });

  const disabledAudit = (endpoint: string) =>
    rows(`select actor_kind, after from audit_log where action = 'webhook_endpoint.disabled' and target_id = $1`, [
      encodeId('webhookEndpoint', endpoint),
    ]);
});
