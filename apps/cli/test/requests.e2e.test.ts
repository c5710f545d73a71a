import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, apiClient } from './api-client.js';
import { install } from './install.js';
import { answered, type Process, startWorld, type World } from './world.js';

const json = { 'content-type': 'application/json' };
/** What no database keeps as it came: NUL, and half a surrogate pair, which is an escape on the wire. */
const unkept = ['a\0b', 'a\ud800', '\udfff'];

describe('what the merchant API makes of a request', () => {
  let world: World;
  let api: Process;
  let client: ReturnType<typeof apiClient>;
  let authorization: string;
  let endpointId: string;

  beforeAll(async () => {
    world = await startWorld();
    const { key } = await install(world);
    api = await world.startApi();
    client = apiClient(api.url, key);
    authorization = `Bearer ${key}`;
    endpointId = (await client.get('/v1/endpoints')).body.data[0].id;
  });
  afterAll(() => world.stop());

  const call = async (
    path: string,
    init: RequestInit = {},
    headers: Record<string, string> = { authorization },
  ): Promise<ApiAnswer> => {
    return answered(world, async () => {
      const answer = await fetch(api.url + path, { ...init, headers });
      const body = (await answer.json()) as ApiAnswer['body'];
      const header = (name: string) => answer.headers.get(name);
      return { status: answer.status, header, body, code: body.code };
    });
  };
  const post = (
    path: string,
    body: NonNullable<RequestInit['body']>,
    contentType: string | null = json['content-type'],
  ) =>
    call(
      path,
      { method: 'POST', body },
      { authorization, ...(contentType === null ? {} : { 'content-type': contentType }) },
    );

  it('refuses text that cannot be kept, wherever it stands, and keeps the audit log whole', async () => {
    const url = 'https://hooks.example/a';
    const places: [string, string, (text: string) => unknown, string][] = [
      ['PATCH', `/v1/rate-limits/${endpointId}`, (reason) => ({ unpaidPerMinute: 60, reason }), 'reason'],
      ['PATCH', `/v1/endpoints/${endpointId}`, (description) => ({ description }), 'description'],
      ['POST', `/v1/endpoints/${endpointId}/prices`, (reason) => ({ amount: '0.02', reason }), 'reason'],
      ['POST', '/v1/keys', (name) => ({ name, scopes: ['audit:read'] }), 'name'],
      ['POST', '/v1/webhook-endpoints', (text) => ({ url: `${url}${text}` }), 'url'],
      ['POST', '/v1/payment-intents', (value) => ({ amount: '1', metadata: { value } }), 'metadata.value'],
      ['POST', '/v1/payment-intents', (key) => ({ amount: '1', metadata: { [key]: 1 } }), 'metadata'],
      ['POST', '/auth/sign-in/email', (email) => ({ email, password: 'b' }), 'email'],
      ['POST', '/auth/sign-in/email', (password) => ({ email: 'a@b.example', password }), 'password'],
    ];
    for (const text of unkept) {
      for (const [method, path, bodyOf, parameter] of places) {
        const headers = { authorization, ...json };
        const { status, body } = await call(path, { method, body: JSON.stringify(bodyOf(text)) }, headers);
        expect([path, status, body.code]).toEqual([path, 400, 'parameter_invalid']);
        expect(body.parameter.startsWith(parameter)).toBe(true);
      }
    }
    for (const query of ['payments?q=', 'audit-log?actor=', 'audit-log?target=', 'live?after=']) {
      const { status, body } = await call(`/v1/${query}%00`);
      expect([query, status, body.parameter]).toEqual([query, 400, query.replace(/.*[?](.*)=/, '$1')]);
    }
    expect((await call('/v1/payments/%00')).status).toBe(404);
    const log = (await client.get('/v1/audit-log')).body;
    expect(log.isChainVerified).toBe(true);
  });

  it('reads JSON in UTF-8 and nothing else', async () => {
    const body = JSON.stringify({ name: 'Reader', scopes: ['audit:read'] });
    const before = (await client.get('/v1/keys')).body.data.length;
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16', null];
    for (const contentType of types) {
      const bytes = new TextEncoder().encode(body);
      expect(await post('/v1/keys', bytes, contentType)).toMatchObject({
        status: 415,
        body: { code: 'content_type_unsupported' },
      });
    }
    const form = new URLSearchParams({ name: 'Reader', scopes: 'audit:read' });
    expect((await post('/v1/keys', form)).status).toBe(400);
    const wrong = Buffer.from(body.replace('Reader', 'R\u00ff'), 'latin1');
    expect(await post('/v1/keys', wrong)).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
    expect((await client.get('/v1/keys')).body.data.length).toBe(before);
    expect((await post('/v1/keys', body, 'application/json; charset=UTF-8')).status).toBe(201);
  });

  it('tells why something was removed, and nothing of a change that changes nothing', async () => {
    const log = async () => (await client.get('/v1/audit-log?limit=100')).body.data;
    const keyId = async () => (await client.post('/v1/keys', { name: 'Short', scopes: ['audit:read'] })).body.id;
    expect((await client.remove(`/v1/keys/${await keyId()}?reason=%20left%20us%20`)).status).toBe(200);
    expect((await log())[0]).toMatchObject({ action: 'key.revoked', reason: 'left us' });
    expect((await client.remove(`/v1/keys/${await keyId()}`)).status).toBe(200);
    expect((await log())[0]).toMatchObject({ action: 'key.revoked', reason: null });
    const url = `http://127.0.0.1:${new URL(api.url).port}/sandbox/inbox`;
    const hook = (await client.post('/v1/webhook-endpoints', { url })).body;
    const before = await log();
    for (const change of [{ url }, { events: ['*'] }, { isEnabled: true, reason: 'again' }]) {
      expect((await client.patch(`/v1/webhook-endpoints/${hook.id}`, change)).status).toBe(200);
    }
    const [endpoint] = (await client.get('/v1/endpoints')).body.data;
    const { description, timeoutMs } = endpoint;
    expect((await client.patch(`/v1/endpoints/${endpointId}`, { description, timeoutMs })).status).toBe(200);
    expect(await log()).toEqual(before);
    expect((await client.remove(`/v1/webhook-endpoints/${hook.id}?colour=red`)).body.code).toBe('parameter_unknown');
    expect((await client.remove(`/v1/webhook-endpoints/${hook.id}?reason=moved`)).status).toBe(204);
    expect((await log())[0]).toMatchObject({ action: 'webhook_endpoint.removed', reason: 'moved' });
  });

  it.each([
    ['/v1/keys', { name: '  ', scopes: ['audit:read'] }, 400, 'parameter_invalid', 'name'],
    ['/v1/keys', { name: 'Twice', scopes: ['audit:read', 'audit:read'] }, 400, 'parameter_invalid', 'scopes'],
    ['/v1/endpoints/:id/prices', { amount: '0.02', reason: ' \u00a0 ' }, 400, 'parameter_invalid', 'reason'],
    ['/v1/webhook-endpoints', { url: 'http://127.0.0.1:0/a' }, 422, 'webhook_url_refused', 'url'],
    ['/v1/webhook-endpoints', { url: 'http://127.0.0.1:8080/a#b' }, 422, 'webhook_url_refused', 'url'],
  ])('refuses at %s %j', async (path, body, status, code, parameter) => {
    const answer = await client.post(path.replace(':id', endpointId), body);
    expect([answer.status, answer.body.code, answer.body.parameter]).toEqual([status, code, parameter]);
  });

  it('takes a moment with any offset, and one key for the same body however it is written', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const override = { subjectKind: 'address', subject: '192.0.2.7', action: 'block' };
    const expiresAt = until.replace('Z', '+00:00');
    const set = await client.post('/v1/rate-limits/overrides', { ...override, expiresAt });
    expect([set.status, set.body.expiresAt]).toEqual([201, until]);
    const key = { 'idempotency-key': 'same' };
    const first = await client.post('/v1/keys', '{"name":"One","scopes":["audit:read"]}', key);
    const again = await client.post('/v1/keys', '{ "scopes": ["audit:read"], "name": "One" }', key);
    expect([again.status, again.body]).toEqual([201, first.body]);
    const other = await client.post('/v1/keys', { name: 'Two', scopes: ['audit:read'] }, key);
    expect(other.body.code).toBe('idempotency_key_reused');
  });

  it('says which methods a path has, and reads the scheme of a key in any case', async () => {
    for (const [method, path, allow] of [
      ['DELETE', '/v1/payments', 'GET, HEAD'],
      ['PUT', `/v1/endpoints/${endpointId}`, 'GET, HEAD, PATCH, DELETE'],
      ['POST', '/v1/rate-limits', 'GET, HEAD'],
    ] as const) {
      const answer = await call(path, { method });
      expect([answer.status, answer.body.code, answer.header('allow')]).toEqual([405, 'method_not_allowed', allow]);
    }
    expect((await call('/v1/payments/a/b', { method: 'DELETE' })).body.code).toBe('not_found');
    for (const scheme of ['bearer', 'BEARER']) {
      const headers = { authorization: authorization.replace('Bearer', scheme) };
      expect((await call('/v1/payments', {}, headers)).status).toBe(200);
    }
  });

  it('names the request in every refusal', async () => {
    for (const path of ['/v1/%', '/v1/nothing']) expect((await call(path)).body.requestId).toMatch(/^req_/);
    // The gate's own answers name an invoice where there is one, and no request.
    expect((await call('/g/demo/%')).body.code).toBe('path_not_canonical');
  });
});
