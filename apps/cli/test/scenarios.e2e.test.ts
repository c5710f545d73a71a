import { playedScenarioSchema, type Scenario } from '@tollbook/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from './api-client.js';
import { send } from './buyer.js';
import { install } from './install.js';
import { expectBooksEqualChain } from './proofs.js';
import { eventually, type Process, startWorld, type World } from './world.js';

describe('a scenario of the sandbox', () => {
  let world: World;
  let api: Process;
  let client: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    world = await startWorld();
    const { key } = await install(world);
    api = await world.startApi();
    await world.startWorker();
    client = apiClient(api.url, key);
  });
  afterAll(() => world?.stop());

  const play = async (scenario: Scenario, waits = true) => {
    const answer = await client.post('/sandbox/scenarios', { scenario, waits });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    const { steps, payer } = playedScenarioSchema.parse(answer.body);
    if (steps.some(({ status }) => status !== null)) {
      const { data } = (await client.get(`/v1/payments?payer=${payer}`)).body;
      expect(data, 'the payments it made are found by its buyer').toHaveLength(1);
    }
    return steps.flatMap(({ status, code }) => (status === null ? [] : [code ?? status]));
  };
  // Ids are ordered by the second of their offer: of two from one second either may stand first.
  const looked = new Set<string>();
  const hasStatus = (...wanted: readonly string[]) =>
    eventually(`the newest payment is ${wanted.join(' or ')}`, async () => {
      const { data } = (await client.get('/v1/payments?limit=20')).body;
      const newest = data.find(({ id }: { id: string }) => !looked.has(id));
      if (!newest || !wanted.includes(newest.status)) return false;
      for (const { id } of data) looked.add(id);
      return (await client.get(`/v1/payments/${newest.id}`)).body;
    });
  const discrepancy = (kind: string) =>
    eventually(`a discrepancy ${kind} is open`, async () => {
      const { data } = (await client.get(`/v1/discrepancies?kind=${kind}`)).body;
      return data.length > 0;
    });

  it('is refused where nobody knows it', async () => {
    const answer = await client.post('/sandbox/scenarios', { scenario: 'magic' });
    expect([answer.status, answer.body.code, answer.body.parameter]).toEqual([400, 'parameter_invalid', 'scenario']);
  });

  it('shows a payment that works, and the same one sent twice', async () => {
    expect(await play('ok')).toEqual([200]);
    expect(await play('twice')).toEqual([200, 200]);
    const { attempts } = await hasStatus('confirmed', 'final');
    expect(attempts).toHaveLength(1);
  });

  it('shows one that is declined', async () => {
    expect(await play('declined')).toEqual(['insufficient_funds']);
    await hasStatus('failed');
  });

  it.each(['lost-reply', 'delayed'] as const)('shows one whose outcome is not known at first: %s', async (scenario) => {
    const answers = await play(scenario);
    expect(answers[0]).toBe('payment_outcome_unknown');
    expect(answers.at(-1)).toBe(200);
    const { timeline, attempts } = await hasStatus('confirmed', 'final');
    expect(attempts[0].rawReason).toBe(scenario === 'delayed' ? 'pending: settlement_pending' : 'reset');
    const types = timeline.map(({ type }: { type: string }) => type);
    expect(types).toContain('payment_intent.unknown');
  });

  it('shows money that is late, and money that is short', async () => {
    expect(await play('late')).toEqual(['settlement_failed']);
    await discrepancy('late');
    const { attempts } = await hasStatus('failed');
    expect(attempts[0].nextStep).toContain('The money came after this had ended');
    expect(await play('short')).toEqual([]);
    await discrepancy('unmatched');
  });

  it('shows one that ends without a payment, and does not keep whoever plays it waiting', async () => {
    expect(await play('expired', false)).toEqual(['payment_outcome_unknown']);
    await hasStatus('unknown');
  });

  it('leaves every other payment to the built-in facilitator, and the books equal to the chain', async () => {
    const url = `${api.url}/g/demo/weather`;
    const { headerName, rawHeader } = await world.sign(url);
    expect((await send(url, { [headerName]: rawHeader })).status).toBe(200);
    const { attempts } = await hasStatus('confirmed', 'final');
    expect(attempts).toHaveLength(1);
    await expectBooksEqualChain(world);
  });
});
