import { healthSchema } from '@tollbook/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from './buyer.js';
import { install } from './install.js';

import { eventually, type Process, startWorld, type World } from './world.js';

describe('what the health of an instance is told as', () => {
  let world: World;
  let api: Process;
  let headers: Record<string, string>;

  beforeAll(async () => {
    world = await startWorld();
    headers = { authorization: `Bearer ${(await install(world)).key}` };
    api = await world.startApi();
  });
  afterAll(() => world.stop());

  const health = async () => healthSchema.parse(JSON.parse((await send(`${api.url}/v1/health`, headers)).body));

  it('fails by name while no worker lives', async () => {
    const { state, mode, processes, queues } = await health();
    expect({ state, mode, reason: processes.reason }).toEqual({ state: 'failing', mode: 'test', reason: 'no_worker' });
    expect(processes.data.map(({ kind }) => kind)).toEqual(['api']);
    expect(queues).toMatchObject({ reason: 'not_counted', countedAt: null });
  });

  it('shows heights, queues and schedules as soon as a worker reads, and the same to Prometheus', async () => {
    await world.startWorker();
    await eventually('the instance is well', async () => {
      const { state, networks, schedules } = await health();
      const hasRun = schedules.some(({ name, outcome }) => name === 'catch-up' && outcome !== null);
      return state === 'ok' && hasRun && typeof networks[0]?.indexed === 'number' && networks[0].chainHead !== null;
    });
    const { networks, queues, processes, schedules } = await health();
    const [network] = networks;
    expect(networks).toHaveLength(1);
    expect(network).toMatchObject({ network: 'eip155:84532', reason: null, confirmDepth: 2, frozenReason: null });
    expect(network?.rpc[0]?.requests).toBeGreaterThan(0);
    expect(network?.rpc).toMatchObject([{ name: 'sandbox', errors: 0 }]);
    expect(processes.data.map(({ kind }) => kind)).toEqual(['api', 'worker']);
    expect(queues.data.map(({ name }) => name)).toEqual(expect.arrayContaining(['chain', 'outbox']));
    expect(schedules.find(({ name }) => name === 'catch-up')).toMatchObject({ everySeconds: 2, state: 'ok' });

    const { body } = await send(`${api.url}/metrics`);
    for (const line of [
      'tollbook_database_up 1',
      'tollbook_processes{kind="worker"} 1',
      'tollbook_network_ok{network="eip155:84532"} 1',
      'tollbook_rpc_errors_recent{network="eip155:84532",node="sandbox"} 0',
      'tollbook_schedule_ok{schedule="catch-up"} 1',
    ]) {
      expect(body.split('\n')).toContain(line);
    }
    expect(body).toMatch(/^tollbook_chain_height\{network="eip155:84532",height="indexed"\} \d+$/m);
    expect(body).toMatch(/^tollbook_queue_jobs\{queue="chain",state="waiting"\} \d+$/m);
    // Not proved yet, and so neither right nor wrong.
    expect(body).toMatch(/^tollbook_books_differing_wallets nan$/im);
    expect(body).not.toContain('0x');
  });

  it('is told to nobody without a key', async () => {
    expect((await send(`${api.url}/v1/health`)).status).toBe(401);
  });
});
