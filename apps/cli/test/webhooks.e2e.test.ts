import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from './buyer.js';
import { install } from './install.js';
import { type Receiver, startReceiver } from './receiver.js';
import { eventually, type Process, startWorld, type World } from './world.js';

type Json = Record<string, unknown>;
type Endpoint = Json & { id: string; url: string; secret: string };

describe('webhooks, from the API to the receiver', () => {
  let world: World;
  let api: Process;
  let receiver: Receiver;
  let key: string;
  let endpoint: Endpoint;

  beforeAll(async () => {
    world = await startWorld();
    key = (await install(world)).key;
    receiver = await startReceiver();
    api = await world.startApi();
    await world.startWorker();
  });
  afterAll(async () => {
    await receiver?.close();
    await world.stop();
  });

  const call = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const { status, body: text } = await send(
      `${api.url}${path}`,
      body === undefined ? { authorization: headers.authorization } : headers,
      init,
    );
    const json = text === '' ? {} : (JSON.parse(text) as Json);
    return { status, json, code: json.code, parameter: json.parameter };
  };
  const get = async (path: string) => (await call('GET', path)).json as Json & { data: Json[] };
  const received = (type: string, since = 0) =>
    eventually(`a webhook of ${type} arrives`, async () =>
      receiver.received.slice(since).find(({ body }) => JSON.parse(body).type === type),
    );
  const deliveryIs = (id: string, status: string) =>
    eventually(`the delivery is ${status}`, async () => {
      const delivery = await get(`/v1/deliveries/${id}`);
      return delivery.status === status ? delivery : null;
    });

  it('adds an endpoint and shows its secret in that one answer', async () => {
    const { status, json } = await call('POST', '/v1/webhook-endpoints', { url: receiver.url, events: ['*'] });
    expect(status).toBe(201);
    endpoint = json as Endpoint;
    expect(endpoint.id).toMatch(/^whe_[a-z2-7]{26}$/);
    expect(endpoint.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await get(`/v1/webhook-endpoints/${endpoint.id}`)).not.toHaveProperty('secret');
    const stored = await world.rows<{ found: boolean }>(
      `select position($1::bytea in secret_sealed) > 0 as found from webhook_secrets`,
      [Buffer.from(endpoint.secret.slice(6), 'base64')],
    );
    expect(stored.every(({ found }) => !found)).toBe(true);
  });

  it('tells of a payment what the payment says, in order, signed for the libraries of Standard Webhooks', async () => {
    const url = `${api.url}/g/demo/weather`;
    const { headerName, rawHeader } = await world.sign(url);
    expect((await send(url, { [headerName]: rawHeader })).status).toBe(200);
    const told = [
      await received('payment_intent.processing'),
      await received('payment_intent.confirmed'),
      await received('payment_intent.final'),
    ];
    for (const { body, headers } of told) expect(new Webhook(endpoint.secret).verify(body, headers)).toBeTruthy();
    const bodies = told.map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    const [{ id }] = (await get('/v1/payments')).data as [{ id: string }];
    const payment = await get(`/v1/payments/${id}`);
    expect(bodies[2]).toMatchObject({ mode: 'test', data: { id, status: 'final', txHash: payment.txHash } });
    const settled = await eventually('the payment shows its deliveries', async () => {
      const { deliveries } = (await get(`/v1/payments/${id}`)) as unknown as { deliveries: Json[] };
      return deliveries.length === 3 && deliveries.every(({ status }) => status === 'delivered') && deliveries;
    });
    expect(settled.map(({ eventType }) => eventType)).toEqual(bodies.map(({ type }) => type));
    expect((await get(`/v1/deliveries?payment=${id}&status=delivered`)).data).toHaveLength(3);
    expect((await get(`/v1/deliveries?payment=${id}&status=pending`)).data).toEqual([]);
  });

  it('shows the same events in the feed, from a position on', async () => {
    const { data } = await get('/v1/events?after=0');
    expect(data.map(({ position }) => position)).toEqual(data.map((_, at) => at + 1));
    const final = data.find(({ type }) => type === 'payment_intent.final');
    expect((await get(`/v1/events?after=${Number(final?.position) - 1}&type=payment_intent.final`)).data).toEqual([
      final,
    ]);
    const told = await received('payment_intent.final');
    const one = await get(`/v1/events/${final?.id}`);
    expect(one).toEqual({ ...JSON.parse(told.body), position: null });
    expect((await get(`/v1/events?after=${data.length}`)).data).toEqual([]);
  });

  it('sends a test event to one endpoint, and keeps what was sent and answered', async () => {
    const { status, json } = await call('POST', `/v1/webhook-endpoints/${endpoint.id}/test`);
    expect(status).toBe(202);
    const told = await received('webhook.test');
    expect(told.id).toBe(json.eventId);
    const delivery = await deliveryIs(String(json.deliveryId), 'delivered');
    expect(delivery).toMatchObject({ tries: 1, lastHttpStatus: 204, url: receiver.url, requestBody: told.body });
    const [attempt] = delivery.attempts as Json[];
    expect(attempt).toMatchObject({ httpStatus: 204, error: null, responseBody: '' });
    expect(Object.fromEntries(attempt?.requestHeaders as [string, string][])).toMatchObject({
      'webhook-id': told.id,
      'webhook-signature': told.headers['webhook-signature'],
    });
    expect((await get('/v1/events?type=webhook.test')).data).toEqual([]);
  });

  it('tries again what failed, and resends on demand under the same id, twice if asked twice', async () => {
    receiver.answerWith((response) => void response.writeHead(500).end('broken'));
    const { json } = await call('POST', `/v1/webhook-endpoints/${endpoint.id}/test`);
    const id = String(json.deliveryId);
    await eventually('the first try failed', async () => (await get(`/v1/deliveries/${id}`)).lastHttpStatus === 500);
    expect(await get(`/v1/webhook-endpoints/${endpoint.id}`)).toMatchObject({ state: 'failing', pendingDeliveries: 1 });
    receiver.answerWith((response) => void response.writeHead(200).end('mended'));
    const mended = await deliveryIs(id, 'delivered');
    expect((mended.attempts as Json[]).map(({ httpStatus, responseBody }) => [httpStatus, responseBody])).toEqual([
      [500, 'broken'],
      [200, 'mended'],
    ]);
    for (const tries of [3, 4]) {
      const resent = await call('POST', `/v1/deliveries/${id}/resend`);
      expect([resent.status, resent.json.tries]).toEqual([202, tries - 1]);
      await eventually('it was sent again', async () => {
        const delivery = await get(`/v1/deliveries/${id}`);
        return (
          delivery.status === 'delivered' && delivery.tries === tries && (delivery.attempts as Json[]).length === tries
        );
      });
    }
    const same = receiver.received.filter((webhook) => webhook.id === json.eventId);
    expect(same).toHaveLength(4);
    expect(new Set(same.map(({ body }) => body)).size).toBe(1);
    expect(await get(`/v1/webhook-endpoints/${endpoint.id}`)).toMatchObject({ state: 'active', pendingDeliveries: 0 });
  });

  it('recovers all that an endpoint was not told since a time, under the same message ids', async () => {
    const path = `/v1/webhook-endpoints/${endpoint.id}`;
    const told: Json[] = [];
    for (let at = 0; at < 3; at += 1) told.push((await call('POST', `${path}/test`)).json);
    for (const { deliveryId } of told) await deliveryIs(String(deliveryId), 'delivered');
    const since = new Date(Date.now() - 3_600_000).toISOString();
    expect((await call('POST', `${path}/recoveries/preview`, { since })).json).toEqual({ since, count: 0 });
    // As after three days of failures.
    const eventIds = told.map(({ eventId }) => String(eventId));
    await world.rows(
      `update deliveries d set status = 'pending', tries = 0, next_attempt_at = now() + interval '1 hour', done_at = null
       from event_bodies b where b.event_id = d.event_id and b.body::jsonb ->> 'id' = any($1)`,
      [eventIds],
    );
    await world.rows(
      `update deliveries d set status = 'exhausted', tries = 11, next_attempt_at = null, done_at = now()
       from event_bodies b where b.event_id = d.event_id and b.body::jsonb ->> 'id' = any($1)`,
      [eventIds],
    );
    expect((await call('POST', `${path}/recoveries/preview`, { since })).json).toEqual({ since, count: 3 });
    const before = receiver.received.length;
    const started = await call('POST', `${path}/recoveries`, { since });
    expect(started).toMatchObject({ status: 202, json: { webhookEndpointId: endpoint.id, since, total: 3 } });
    const done = await eventually('the recovery is done', async () => {
      const recovery = await get(`${path}/recoveries/${started.json.id}`);
      return recovery.status === 'done' && recovery;
    });
    expect(done).toMatchObject({ total: 3, resent: 3 });
    for (const { deliveryId } of told) await deliveryIs(String(deliveryId), 'delivered');
    expect(new Set(receiver.received.slice(before).map(({ id }) => id))).toEqual(new Set(eventIds));
    expect((await get(`${path}/recoveries`)).data).toEqual([done]);
    for (const body of [{}, { since: 'yesterday' }, { since, until: since }]) {
      expect((await call('POST', `${path}/recoveries`, body)).status).toBe(400);
    }
    const nobody = `/v1/webhook-endpoints/whe_${'a'.repeat(26)}/recoveries`;
    expect([(await call('POST', nobody, { since })).status, (await call('GET', nobody)).status]).toEqual([404, 404]);
    expect((await call('GET', `${path}/recoveries/whr_${'a'.repeat(26)}`)).status).toBe(404);
  });

  it('signs with the old secret and the new one while they are exchanged', async () => {
    const rotated = await call('POST', `/v1/webhook-endpoints/${endpoint.id}/rotate-secret`, { overlapSeconds: 600 });
    expect(rotated.status).toBe(200);
    const secret = String(rotated.json.secret);
    expect(secret).not.toBe(endpoint.secret);
    const since = receiver.received.length;
    await call('POST', `/v1/webhook-endpoints/${endpoint.id}/test`);
    const { body, headers } = await received('webhook.test', since);
    for (const each of [secret, endpoint.secret]) expect(new Webhook(each).verify(body, headers)).toBeTruthy();
    const leaked = await call('POST', `/v1/webhook-endpoints/${endpoint.id}/rotate-secret`, { overlapSeconds: 0 });
    const later = receiver.received.length;
    await call('POST', `/v1/webhook-endpoints/${endpoint.id}/test`);
    const fresh = await received('webhook.test', later);
    expect(new Webhook(String(leaked.json.secret)).verify(fresh.body, fresh.headers)).toBeTruthy();
    expect(() => new Webhook(secret).verify(fresh.body, fresh.headers)).toThrow();
  });

  it('keeps waiting what a disabled endpoint was to be told, and makes nothing new for it', async () => {
    const path = `/v1/webhook-endpoints/${endpoint.id}`;
    expect((await call('PATCH', path, { isEnabled: false })).json).toMatchObject({ state: 'disabled' });
    expect(await call('POST', `${path}/test`)).toMatchObject({ status: 409, code: 'webhook_endpoint_disabled' });
    expect((await call('PATCH', path, { isEnabled: true, events: ['payment_intent.final'] })).json).toMatchObject({
      state: 'active',
      events: ['payment_intent.final'],
    });
  });

  it('disables an endpoint that says it is gone', async () => {
    receiver.answerWith((response) => void response.writeHead(410).end());
    const { json } = await call('POST', `/v1/webhook-endpoints/${endpoint.id}/test`);
    await deliveryIs(String(json.deliveryId), 'dropped');
    expect(await get(`/v1/webhook-endpoints/${endpoint.id}`)).toMatchObject({
      state: 'disabled',
      disabledReason: 'gone',
    });
    receiver.answerWith((response) => void response.writeHead(204).end());
  });

  it('refuses what could never be told, names the field, and changes nothing', async () => {
    const before = await get('/v1/webhook-endpoints');
    const redirecting = createServer((_request, response) => response.writeHead(301, { location: '/' }).end());
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
    const { port } = redirecting.address() as AddressInfo;
    const refused = { code: 'webhook_url_refused', parameter: 'url', status: 422 };
    const urls = [
      `http://127.0.0.1:${port}/`,
      'ftp://a.example/',
      'nonsense',
      'http://user:pass@a.example/',
      'http://10.0.0.1/',
      'http://[fe80::1]/',
    ];
    for (const url of urls) {
      expect(await call('POST', '/v1/webhook-endpoints', { url, events: ['*'] }), url).toMatchObject(refused);
      expect(await call('PATCH', `/v1/webhook-endpoints/${endpoint.id}`, { url }), url).toMatchObject(refused);
    }
    const fields = [
      [{ events: ['*'] }, 'url'],
      [{ url: receiver.url, events: [] }, 'events'],
      [{ url: receiver.url, events: ['payment_intent.paid'] }, 'events.0'],
      [{ url: receiver.url, secret: 'mine' }, 'secret'],
    ] as const;
    for (const [body, parameter] of fields) {
      expect(await call('POST', '/v1/webhook-endpoints', body)).toMatchObject({ status: 400, parameter });
    }
    for (const query of [
      'status=done',
      'event=evt_1',
      'webhookEndpoint=pi_a',
      'payment=x',
      'colour=red',
      'after=zzz',
    ]) {
      expect(await call('GET', `/v1/deliveries?${query}`)).toMatchObject({
        status: 400,
        parameter: query.split('=')[0],
      });
    }
    for (const query of ['after=-1', 'after=soon', 'type=payment_intent.paid', 'limit=0']) {
      expect(await call('GET', `/v1/events?${query}`)).toMatchObject({ status: 400, parameter: query.split('=')[0] });
    }
    const nobody = `whe_${'a'.repeat(26)}`;
    expect((await call('GET', `/v1/webhook-endpoints/${nobody}`)).status).toBe(404);
    expect((await call('POST', `/v1/webhook-endpoints/${nobody}/rotate-secret`, {})).status).toBe(404);
    expect((await call('POST', `/v1/deliveries/dlv_${'a'.repeat(26)}/resend`)).status).toBe(404);
    expect((await call('GET', `/v1/events/evt_${'a'.repeat(26)}`)).status).toBe(404);
    expect(await get('/v1/webhook-endpoints')).toEqual(before);
    redirecting.close();
  });

  it('writes every change into the audit log, without a secret', async () => {
    expect((await call('DELETE', `/v1/webhook-endpoints/${endpoint.id}`)).status).toBe(204);
    expect((await call('GET', `/v1/webhook-endpoints/${endpoint.id}`)).status).toBe(404);
    const rows = await world.rows<{ action: string; actor_kind: string; text: string }>(
      `select action, actor_kind, audit_log::text as text from audit_log where target_kind = 'webhook_endpoint'
       and target_id = $1 order by audit_seq`,
      [endpoint.id],
    );
    expect(rows.map(({ action, actor_kind }) => `${actor_kind} ${action}`)).toEqual([
      'api_key webhook_endpoint.added',
      'api_key webhook_endpoint.recovery_started',
      'api_key webhook_endpoint.secret_rotated',
      'api_key webhook_endpoint.secret_rotated',
      'api_key webhook_endpoint.changed',
      'api_key webhook_endpoint.changed',
      'system webhook_endpoint.disabled',
      'api_key webhook_endpoint.removed',
    ]);
    expect(rows.some(({ text }) => text.includes('whsec_'))).toBe(false);
  });

  it('adds one endpoint for a request whose process died before it answered, with a secret that is known', async () => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': 'whe-crash',
    };
    const init = { method: 'POST', body: JSON.stringify({ url: receiver.url, events: ['*'] }) };
    const add = async () => JSON.parse((await send(`${api.url}/v1/webhook-endpoints`, headers, init)).body) as Endpoint;
    const first = await add();
    // What such a death leaves: everything was committed, and the key is still running, its lease over.
    await world.db.query(
      `begin; set local role tollbook_app;
       select set_config('tollbook.book_id', (select book_id::text from books where gate_slug = 'demo'), true);
       update idempotency_keys set status = 'running', http_status = null, response_sealed = null,
         lease_until = now() - interval '1 second' where key = 'whe-crash';
       commit`,
    );
    const again = await add();
    expect(again.id).toBe(first.id);
    expect(again.secret).not.toBe(first.secret);
    const { data } = await get('/v1/webhook-endpoints');
    expect(data.filter(({ id }) => id === first.id)).toHaveLength(1);
    const since = receiver.received.length;
    await call('POST', `/v1/webhook-endpoints/${first.id}/test`);
    const sent = await eventually('the test event arrives', async () => receiver.received[since]);
    const verified = new Webhook(again.secret).verify(sent.body, sent.headers);
    expect(verified).toMatchObject({ type: expect.any(String) });
  });
});
