import { endpointSchema } from '@tollbook/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from './api-client.js';
import { send, signedHeader } from './buyer.js';
import { install } from './install.js';
import { eventually, type Process, startWorld, type World } from './world.js';

describe('an endpoint that is paid before its upstream is asked', () => {
  let world: World;
  let api: Process;
  let client: ReturnType<typeof apiClient>;
  let url: string;
  let id: string;

  beforeAll(async () => {
    world = await startWorld();
    const { key } = await install(world);
    api = await world.startApi();
    await world.startWorker();
    client = apiClient(api.url, key);
    const made = await client.post('/v1/endpoints', {
      method: 'GET',
      path: '/first',
      upstream: world.upstream.url,
      price: { amount: '0.02' },
      networks: ['eip155:84532'],
      settleMode: 'before',
    });
    ({ url, id } = endpointSchema.parse(made.body));
    await eventually('the gate sells it', async () => (await send(url)).status === 402);
  });
  afterAll(() => world.stop());

  const answerWith = (status: number) =>
    world.upstream.answerWith((_request, response) => {
      response.writeHead(status, { 'content-type': 'text/plain' });
      response.end(status === 200 ? 'clear' : 'out of order');
    });
  const openRecords = async () => {
    const rows = await world.rows<{ kind: string }>(`select kind from discrepancies where closed_at is null`);
    return rows.map(({ kind }) => kind);
  };

  it.each([
    [500, 502, 'paid_not_served'],
    [404, 404, undefined],
  ] as const)(
    'charges for a %i, says so, and serves the same payment once it can (A07)',
    async (upstream, status, code) => {
      answerWith(upstream);
      const header = await signedHeader(world, url);
      const failed = await send(url, header);
      expect([failed.status, failed.code]).toEqual([status, code]);
      expect([failed.header('tollbook-charged'), failed.receipt?.success]).toEqual(['yes', true]);
      expect(failed.header('payment-required')).toBeNull();
      expect(await openRecords()).toEqual(['paid_not_served']);
      answerWith(200);
      const served = await send(url, header);
      expect([served.status, served.body, served.header('tollbook-charged')]).toEqual([200, 'clear', 'yes']);
      expect(served.receipt?.transaction).toBe(failed.receipt?.transaction);
      expect(new Set(world.upstream.keys.slice(-2)).size).toBe(1);
      await eventually('it is on record no more', async () => (await openRecords()).length === 0);
      expect((await send(url, header)).header('tollbook-replayed')).toBe('true');
    },
  );

  it('hands its answer on while it arrives, and keeps it for a buyer who leaves', async () => {
    let goOn: () => void = () => {};
    world.upstream.answerWith((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('first;');
      goOn = () => void response.end('last');
    });
    const header = await signedHeader(world, url);
    const leaving = new AbortController();
    const answer = await fetch(url, { headers: header, signal: leaving.signal });
    const reader = answer.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first;');
    leaving.abort();
    goOn();
    const calls = world.upstream.keys.length;
    const again = await eventually('the answer is kept', async () => {
      const retry = await send(url, header);
      return retry.status === 200 && retry;
    });
    expect([again.body, again.header('tollbook-replayed')]).toEqual(['first;last', 'true']);
    expect(world.upstream.keys).toHaveLength(calls);
  });

  it('is told of in its terms, which a change makes anew', async () => {
    const modes = () =>
      world.rows<{ mode: string }>(
        `select t.settle_mode as mode from terms_versions t join endpoints e using (book_id, endpoint_id)
         where e.path = '/first' order by t.number`,
      );
    expect(await modes()).toEqual([{ mode: 'before' }]);
    const wrong = await client.patch(`/v1/endpoints/${id}`, { settleMode: 'never' });
    expect([wrong.status, JSON.stringify(wrong.body)]).toEqual([400, expect.stringContaining('settleMode')]);
    const changed = await client.patch(`/v1/endpoints/${id}`, { settleMode: 'after', reason: 'Too many failures' });
    expect(changed.body).toMatchObject({ settleMode: 'after' });
    expect(await modes()).toEqual([{ mode: 'before' }, { mode: 'after' }]);
    await eventually('a failed call costs nothing', async () => {
      answerWith(500);
      const failed = await send(url, await signedHeader(world, url));
      return failed.header('tollbook-charged') === 'no';
    });
    const [audited] = await world.rows<{ told: string }>(
      `select row_to_json(a)::text as told from audit_log a where a.action = 'endpoint.changed'`,
    );
    expect(audited?.told).toContain('settleMode');
  });
});
