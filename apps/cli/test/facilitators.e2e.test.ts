import { auditListSchema, facilitatorListSchema, facilitatorSchema } from '@tollbook/contract';
import { startFacilitator } from '@tollbook/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from './api-client.js';
import { send, sendUninvited, signedHeader } from './buyer.js';
import { install } from './install.js';
import { expectBooksEqualChain, isFinalOnce } from './proofs.js';
import { answered, eventually, type Process, startWorld, type World } from './world.js';

type Scripted = Awaited<ReturnType<typeof startFacilitator>>;

describe('a remote facilitator', () => {
  let world: World;
  let api: Process;
  let client: ReturnType<typeof apiClient>;
  let scripted: Scripted;
  let id = '';

  beforeAll(async () => {
    world = await startWorld();
    const { key } = await install(world);
    api = await world.startApi();
    await world.startWorker();
    client = apiClient(api.url, key);
    scripted = await startFacilitator(world.sandbox.info, { delayMs: 1 });
  });
  afterAll(async () => {
    await scripted?.close();
    await world?.stop();
  });

  const weather = () => `${api.url}/g/demo/weather`;
  const one = async () => facilitatorSchema.parse((await client.get(`/v1/facilitators/${id}`)).body);

  /** Sends one payload until it is answered with something else than a doubt. */
  const untilKnown = (header: Record<string, string>) =>
    answered(world, () => sendUninvited(weather(), header), ['payment_outcome_unknown']);

  it('is refused where payments may not be sent, or where its credentials are none (A39)', async () => {
    const post = async (body: object) => {
      const { status, body: answer } = await client.post('/v1/facilitators', { kind: 'remote', name: 'Far', ...body });
      return [status, answer.code, answer.parameter];
    };
    expect(await post({ url: scripted.url })).toEqual([422, 'facilitator_url_refused', 'url']);
    expect(await post({ url: 'ftp://a.example' })).toEqual([422, 'facilitator_url_refused', 'url']);
    expect(await post({ url: 'https://10.0.0.1/x402' })).toEqual([422, 'facilitator_url_refused', 'url']);
    expect(await post({ url: 'https://a.example/?key=1' })).toEqual([422, 'facilitator_url_refused', 'url']);
    const bad = [422, 'facilitator_credentials_refused', 'credentials'];
    const credentials = { keyId: 'key', keySecret: 'nothing that signs' };
    expect(await post({ url: 'https://a.example', auth: 'cdp' })).toEqual(bad);
    expect(await post({ url: 'https://a.example', credentials })).toEqual(bad);
    expect(await post({ url: 'https://a.example', auth: 'cdp', credentials })).toEqual(bad);
    expect(await post({ url: 'https://a.example', position: -1 })).toEqual([400, 'parameter_invalid', 'position']);
    expect((await client.get('/v1/facilitators/fac_nothing')).status).toBe(404);
    expect(facilitatorListSchema.parse((await client.get('/v1/facilitators')).body).data).toEqual([]);
  });

  it('settles once it is set up, and the chain books it', async () => {
    const body = { kind: 'remote', name: 'Scripted', url: scripted.url, allowsPlainHttp: true };
    const headers = { 'idempotency-key': 'first' };
    const made = await client.post('/v1/facilitators', body, headers);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const again = await client.post('/v1/facilitators', body, headers);
    expect(again.body.id).toBe(made.body.id);
    id = facilitatorSchema.parse(made.body).id;
    await eventually('it is ready', async () => (await one()).state === 'ready');
    expect((await one()).networks).toEqual(['eip155:84532']);
    const { headerName, rawHeader, invoiceId } = await world.sign(weather());
    expect((await send(weather(), { [headerName]: rawHeader })).status).toBe(200);
    expect(scripted.settled).toHaveLength(1);
    expect(scripted.settled[0]).not.toContain(invoiceId);
    await eventually('the payment is final, once', () => isFinalOnce(world, invoiceId));
  });

  it.each(['lost_reply', 'declined_then_sent'] as const)(
    'that answers with %s leaves the outcome to the chain: paid once, served (A06, A41)',
    async (script) => {
      const { headerName, rawHeader, invoiceId } = await world.sign(weather());
      const header = { [headerName]: rawHeader };
      scripted.otherwise = script;
      const unknown = await send(weather(), header);
      scripted.otherwise = 'ok';
      expect([unknown.status, unknown.code]).toEqual([503, 'payment_outcome_unknown']);
      expect(unknown.header('payment-required')).toBeNull();
      expect(unknown.receipt).toMatchObject({ success: false, errorReason: 'settlement_pending' });
      expect((await untilKnown(header)).status).toBe(200);
      await eventually('the payment is final, once', () => isFinalOnce(world, invoiceId));
      await expectBooksEqualChain(world);
    },
  );

  it('has a scorecard that tells who was right', async () => {
    const { scorecard } = await one();
    expect(scorecard).toMatchObject({ sent: 3, confirmed: 3, everUnknown: 2, unknownNow: 0, saidNoButCame: 1 });
    expect(scorecard.latencyMsP50).toBeGreaterThanOrEqual(0);
  });

  it('that is away closes the gate before anything is claimed (A09)', async () => {
    const header = await signedHeader(world, weather());
    const before = await world.rows('select from attempts');
    scripted.isDown = true;
    await eventually('it is seen to be away', async () => (await one()).state === 'away');
    const unpaid = await send(weather());
    expect([unpaid.status, unpaid.code, unpaid.header('retry-after')]).toEqual([503, 'settlement_unavailable', '10']);
    const answer = await send(weather(), header);
    expect([answer.status, answer.code, answer.header('payment-required')]).toEqual([
      503,
      'settlement_unavailable',
      null,
    ]);
    expect(await world.rows('select from attempts')).toHaveLength(before.length);
    scripted.isDown = false;
    await eventually('it is back', async () => (await one()).state === 'ready');
    expect((await send(weather(), header)).status).toBe(200);
  });

  it('gives way to the built-in one when it is removed, and every change is in the audit log', async () => {
    expect((await client.patch(`/v1/facilitators/${id}`, { isEnabled: false, reason: 'Too slow' })).status).toBe(200);
    expect((await client.remove(`/v1/facilitators/${id}`)).status).toBe(204);
    expect((await client.get(`/v1/facilitators/${id}`)).status).toBe(404);
    // Until the gate has followed, the removed one may be asked.
    await eventually('the built-in one settles', async () => {
      const settled = scripted.settled.length;
      const answer = await send(weather(), await signedHeader(world, weather()));
      return answer.status === 200 && scripted.settled.length === settled;
    });
    const settled = scripted.settled.length;
    const bought = await send(weather(), await signedHeader(world, weather()));
    expect([bought.status, scripted.settled.length]).toEqual([200, settled]);
    const { data } = auditListSchema.parse((await client.get('/v1/audit-log')).body);
    const actions = data.map(({ action }) => action).filter((action) => action.startsWith('facilitator'));
    expect(actions).toEqual(['facilitator.removed', 'facilitator.changed', 'facilitator.added']);
  });
});
