import { createHash } from 'node:crypto';
import { endpointSchema } from '@tollbook/contract';
import { requestOffer, signPayment } from '@tollbook/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from './api-client.js';
import { send, signedHeader } from './buyer.js';
import { install } from './install.js';
import { eventually, type Process, startWorld, type World } from './world.js';

const mebibyte = 1024 * 1024;
const large = Buffer.alloc(3 * mebibyte, 'tollbook');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const digestOf = (bytes: Uint8Array) => ({
  'content-digest': `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`,
});

describe('bodies larger than what is held', () => {
  let world: World;
  let api: Process;
  let client: ReturnType<typeof apiClient>;
  /** What came to the upstream, by its digest; null where it broke off. */
  let arrived: (string | null)[];

  beforeAll(async () => {
    world = await startWorld();
    const { key } = await install(world);
    api = await world.startApi();
    client = apiClient(api.url, key);
    arrived = [];
    world.upstream.answerWith((request, response) => {
      const hash = createHash('sha256');
      request.on('data', (chunk) => hash.update(chunk));
      request.on('end', () => {
        arrived.push(hash.digest('hex'));
        response.end('taken');
      });
      request.on('error', () => arrived.push(null));
    });
  });
  afterAll(() => world.stop());

  const sell = async (path: string, more: object) => {
    const draft = { path, upstream: world.upstream.url, price: { amount: '0.01' }, networks: ['eip155:84532'] };
    const made = await client.post('/v1/endpoints', { method: 'POST', ...draft, ...more });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const endpoint = endpointSchema.parse(made.body);
    await eventually(
      'the gate sells it',
      async () => (await send(endpoint.url, {}, { method: endpoint.method })).status === 402,
    );
    return endpoint;
  };
  const sign = async (url: string): Promise<Record<string, string>> => {
    const offer = await requestOffer({ url, method: 'POST' });
    const signed = await signPayment({ offer, privateKey: world.sandbox.info.buyer.evmPrivateKey, version: 2 });
    return { [signed.headerName]: signed.rawHeader };
  };
  const post = (url: string, headers: Record<string, string>, body: Uint8Array) =>
    send(url, headers, { method: 'POST', body: Buffer.from(body) });

  it('are handed on where money moves first, by the digest that they name', async () => {
    const { url } = await sell('/upload', { settleMode: 'before', requestBytesMax: large.length });
    const payment = await sign(url);
    const nameless = await post(url, payment, large);
    expect([nameless.status, nameless.code]).toEqual([413, 'request_too_large']);
    expect(JSON.parse(nameless.body).detail).toContain('Content-Digest');
    const tooLarge = await post(url, payment, Buffer.concat([large, Buffer.from('x')]));
    expect([tooLarge.code, JSON.parse(tooLarge.body).detail]).toEqual([
      'request_too_large',
      expect.stringContaining(String(large.length)),
    ]);
    expect([arrived, world.upstream.keys]).toEqual([[], []]);
    const paid = await post(url, { ...payment, ...digestOf(large) }, large);
    expect([paid.status, paid.body, paid.header('tollbook-charged')]).toEqual([200, 'taken', 'yes']);
    expect(arrived).toEqual([sha256(large)]);
    const again = await post(url, { ...payment, ...digestOf(large) }, large);
    expect([again.status, again.body, again.header('tollbook-replayed')]).toEqual([200, 'taken', 'true']);
    const other = await post(url, { ...payment, ...digestOf(Buffer.from('other')) }, large);
    expect([other.status, other.code]).toEqual([409, 'payment_used_elsewhere']);
    expect(arrived).toHaveLength(1);
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    const most = Number(/tollbook_gate_held_bytes\{over="most_since_last_scrape"\} (\d+)/.exec(metrics)?.[1]);
    // One upload at a time: what passes is not what is held.
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(mebibyte);
  });

  it('that are not what they name never come whole to the upstream, and the right one still does', async () => {
    const { url } = await sell('/wrong', { settleMode: 'before' });
    const payment = { ...(await sign(url)), ...digestOf(large) };
    const wrong = Buffer.from(large).fill('!', large.length - 1);
    const before = arrived.length;
    const failed = await post(url, payment, wrong);
    expect([failed.status, failed.code, failed.header('tollbook-charged')]).toEqual([400, 'paid_not_served', 'yes']);
    expect(JSON.parse(failed.body).detail).toContain('Content-Digest');
    expect(failed.receipt?.success).toBe(true);
    expect(arrived.slice(before).filter((digest) => digest !== null)).toEqual([]);
    const paid = await post(url, payment, large);
    expect([paid.status, paid.body]).toEqual([200, 'taken']);
    expect(paid.receipt?.transaction).toBe(failed.receipt?.transaction);
    expect(arrived.at(-1)).toBe(sha256(large));
  });

  it('are refused where the upstream answers first, unless its endpoint holds more', async () => {
    const { url, id } = await sell('/first', {});
    const refused = await post(url, { ...(await sign(url)), ...digestOf(large) }, large);
    expect([refused.status, refused.code]).toEqual([413, 'request_too_large']);
    const changed = await client.patch(`/v1/endpoints/${id}`, { requestBytesMax: large.length, reason: 'Pictures' });
    expect(changed.body).toMatchObject({ requestBytesMax: large.length, heldBytesMax: null, exposureMax: null });
    await eventually('the gate takes it', async () => (await post(url, await sign(url), large)).body === 'taken');
    expect((await client.patch(`/v1/endpoints/${id}`, { requestBytesMax: null })).body.requestBytesMax).toBeNull();
    const unkept = await client.patch(`/v1/endpoints/${id}`, { requestBytesMax: 100 * mebibyte });
    expect([unkept.status, unkept.body.code, unkept.body.parameter]).toEqual([
      422,
      'cap_out_of_range',
      'requestBytesMax',
    ]);
  });

  it('of answers follow the money once they are beyond the hold', async () => {
    const { url, id } = await sell('/answer', { method: 'GET' });
    let isAsked = false;
    world.upstream.answerWith((_request, response) => {
      isAsked = true;
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': String(large.length) });
      response.end(large);
    });
    const header = await signedHeader(world, url);
    const answer = await fetch(url, { headers: header });
    expect([answer.status, answer.headers.get('tollbook-charged')]).toEqual([200, 'yes']);
    expect(answer.headers.get('payment-response')).not.toBeNull();
    expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(sha256(large));
    const [attempt] = await world.rows<{ mode: string }>(
      'select settle_mode as mode from attempts order by attempt_id desc limit 1',
    );
    expect([isAsked, attempt?.mode]).toEqual([true, 'before']);
    // Larger than what is kept for a retry, so the upstream is asked again, by the same key.
    expect((await send(url, header)).body).toHaveLength(large.length);
    expect(new Set(world.upstream.keys.slice(-2)).size).toBe(1);
    await client.patch(`/v1/endpoints/${id}`, { heldBytesMax: 4 * mebibyte });
    await eventually('it is held whole', async () => {
      await send(url, await signedHeader(world, url));
      const [latest] = await world.rows<{ mode: string }>(
        'select settle_mode as mode from attempts order by attempt_id desc limit 1',
      );
      return latest?.mode === 'after';
    });
  });
});
