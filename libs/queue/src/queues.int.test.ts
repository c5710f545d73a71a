import { randomUUID } from 'node:crypto';
import { migrate } from '@tollbook/db';
import { createTestDatabase, type TestDatabase } from '@tollbook/postgres-local';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { deleteKeys, findRedis } from '../test/find-redis.js';
import { startProxy, type TcpProxy } from '../test/tcp-proxy.js';
import {
  createQueues,
  type Job,
  type JobHandlers,
  migrateQueue,
  type QueueBackend,
  type Queues,
  UnrecoverableJob,
} from './index.js';
import { connectPostgres } from './postgres-connections.js';
import { connectRedis } from './redis-connections.js';

const server = { url: inject('postgresUrl'), adminUrl: inject('postgresAdminUrl') };
const base = 'eip155:84532';
const scanBase: Job = { kind: 'scan-chain', network: base };
const fast = { concurrency: 4, lockMs: 1_000, stalledCheckMs: 300 };

/** What ran during a test is ended in reverse order, whatever became of the test. */
const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

function openQueues(backend: QueueBackend): Queues & { readonly lines: string[]; readonly lost: string[] } {
  const lines: string[] = [];
  const lost: string[] = [];
  const log = {
    info: (_: object, line: string) => lines.push(line),
    warn: (_: object, line: string) => lines.push(line),
  };
  const queues = createQueues({ backend, log, onLostHint: (kind) => lost.push(kind) });
  endings.push(() => queues.close());
  return { ...queues, lines, lost };
}

const ignoreAll: JobHandlers = {
  'scan-chain': async () => undefined,
  reconcile: async () => undefined,
  'relay-outbox': async () => undefined,
  'deliver-webhooks': async () => undefined,
};

/** A promise to be kept by the test. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

let template: TestDatabase;
beforeAll(async () => {
  template = await createTestDatabase(server);
  await migrate(template.url);
  await Promise.all([migrateQueue(template.url), migrateQueue(template.url)]);
});
afterAll(() => template.drop());

async function postgresBackend(): Promise<QueueBackend> {
  const database = await createTestDatabase(server, new URL(template.url).pathname.slice(1));
  endings.push(() => database.drop());
  return { kind: 'postgres', url: database.url, role: 'tollbook_worker' };
}

const redisUrl = await findRedis();
if (redisUrl === null) console.warn('The Redis half of the queue tests is skipped: no Redis answers on this machine.');

async function redisBackend(): Promise<QueueBackend> {
  const url = redisUrl ?? '';
  const prefix = `tollbook-test-${randomUUID()}`;
  endings.push(() => deleteKeys(url, prefix));
  return { kind: 'redis', url, prefix };
}

describe.each([
  { name: 'PostgreSQL', open: postgresBackend, isHere: true },
  { name: 'Redis', open: redisBackend, isHere: redisUrl !== null },
])('queues on $name', ({ open, isHere }) => {
  const test = it.skipIf(!isHere);

  test('do a job with the payload it was added with', async () => {
    const queues = openQueues(await open());
    const networks: string[] = [];
    await queues.startWorkers({ ...ignoreAll, 'scan-chain': async ({ network }) => void networks.push(network) }, fast);
    await queues.enqueue(scanBase);
    await queues.enqueue({ kind: 'scan-chain', network: 'eip155:8453' });
    await expect.poll(() => [...networks].sort()).toEqual(['eip155:8453', base].sort());
    await expect.poll(async () => (await queues.counts()).chain.active).toBe(0);
  });

  test('keep one of several equal jobs that wait, and every one that differs', async () => {
    const queues = openQueues(await open());
    const done: string[] = [];
    await Promise.all([1, 2, 3].map(() => queues.enqueue(scanBase)));
    await queues.enqueue({ kind: 'reconcile', network: base });
    await queues.enqueue({ kind: 'relay-outbox' });
    expect(await queues.counts()).toMatchObject({ chain: { waiting: 2 }, outbox: { waiting: 1 } });
    await queues.startWorkers(
      {
        'scan-chain': async () => void done.push('scan'),
        reconcile: async () => void done.push('reconcile'),
        'relay-outbox': async () => void done.push('relay'),
        'deliver-webhooks': async () => undefined,
      },
      fast,
    );
    await expect.poll(() => [...done].sort()).toEqual(['reconcile', 'relay', 'scan']);
  });

  test('do a job once more when it was added again while it ran', async () => {
    const queues = openQueues(await open());
    const { opened, open: letGo } = gate();
    let runs = 0;
    let together = 0;
    const scan = async () => {
      runs += 1;
      together += 1;
      expect(together).toBe(1);
      await opened;
      together -= 1;
    };
    await queues.startWorkers({ ...ignoreAll, 'scan-chain': scan }, fast);
    await queues.enqueue(scanBase);
    await expect.poll(() => runs).toBe(1);
    for (let times = 0; times < 3; times += 1) await queues.enqueue(scanBase);
    letGo();
    await expect.poll(() => runs).toBe(2);
    await expect.poll(async () => (await queues.counts()).chain).toMatchObject({ waiting: 0, active: 0, completed: 2 });
    expect(runs).toBe(2);
  });

  test('try a job again after a pause, and take an equal one after it was given up', async () => {
    const queues = openQueues(await open());
    const startedAt: number[] = [];
    const scan = async () => {
      startedAt.push(performance.now());
      if (startedAt.length <= 3) throw new Error('the node is away');
    };
    await queues.startWorkers({ ...ignoreAll, 'scan-chain': scan }, fast);
    await queues.enqueue(scanBase);
    await expect.poll(async () => (await queues.counts()).chain.failed, { timeout: 8_000 }).toBe(1);
    const [first = 0, second = 0, third = 0] = startedAt;
    expect(startedAt).toHaveLength(3);
    expect(second - first).toBeGreaterThan(450);
    expect(third - second).toBeGreaterThan(900);
    expect(queues.lines).toEqual([]);
    await queues.enqueue(scanBase);
    await expect.poll(() => startedAt.length).toBe(4);
  });

  test('give a job up at once when its handler says that trying again cannot help', async () => {
    const queues = openQueues(await open());
    let runs = 0;
    const reconcile = async () => {
      runs += 1;
      throw new UnrecoverableJob('the books contradict themselves');
    };
    await queues.startWorkers({ ...ignoreAll, reconcile }, fast);
    await queues.enqueue({ kind: 'reconcile', network: base });
    await expect.poll(async () => (await queues.counts()).chain.failed).toBe(1);
    expect(runs).toBe(1);
  });

  test('give up what they do not know, and what carries the wrong payload', async () => {
    const backend = await open();
    const foreign = backend.kind === 'postgres' ? connectPostgres(backend) : connectRedis(backend);
    endings.push(() => foreign.close());
    const queue = foreign.newQueue('chain');
    await queue.add('mine-bitcoin', {}, { jobId: 'a', attempts: 5 });
    await queue.add('scan-chain', { network: 7 }, { jobId: 'b', attempts: 5 });
    await queue.add('scan-chain', { network: base, from: 1 }, { jobId: 'c', attempts: 5 });
    const queues = openQueues(backend);
    await queues.startWorkers(ignoreAll, fast);
    await expect.poll(async () => (await queues.counts()).chain).toMatchObject({ failed: 3, waiting: 0, delayed: 0 });
    await expect.poll(() => queues.lines).toEqual(Array(3).fill('a job was refused'));
    await queue.close();
  });

  test('give a job whose process is gone to another', async () => {
    const backend = await open();
    const proxy = await startProxy(backend.url);
    endings.push(() => proxy.cut());
    const first = openQueues({ ...backend, url: proxy.url });
    const { opened, open: letGo } = gate();
    let hasBegun = false;
    const scan = async () => {
      hasBegun = true;
      await opened;
    };
    await first.startWorkers({ ...ignoreAll, 'scan-chain': scan }, fast);
    await first.enqueue(scanBase);
    await expect.poll(() => hasBegun).toBe(true);
    await proxy.cut();
    const second = openQueues(backend);
    let isTakenOver = false;
    const takeOver = async () => {
      isTakenOver = true;
    };
    await second.startWorkers({ ...ignoreAll, 'scan-chain': takeOver }, fast);
    await expect.poll(() => isTakenOver, { timeout: 5_000 }).toBe(true);
    letGo();
    await proxy.mend();
  });

  test('wait for what runs when they close, and begin nothing new', async () => {
    const queues = openQueues(await open());
    const { opened, open: letGo } = gate();
    let begun = 0;
    let ended = 0;
    const scan = async () => {
      begun += 1;
      await opened;
      ended += 1;
    };
    const workers = await queues.startWorkers({ ...ignoreAll, 'scan-chain': scan }, { ...fast, concurrency: 1 });
    await queues.enqueue(scanBase);
    await expect.poll(() => begun).toBe(1);
    let isClosed = false;
    const closing = workers.close().then(() => {
      isClosed = true;
    });
    await queues.enqueue({ kind: 'scan-chain', network: 'eip155:8453' });
    expect(isClosed).toBe(false);
    letGo();
    await closing;
    expect({ begun, ended }).toEqual({ begun: 1, ended: 1 });
    expect(await queues.counts()).toMatchObject({ chain: { waiting: 1, active: 0, completed: 1 } });
  });

  test('lose a hint in a second while nobody answers, and find their way back', async () => {
    const backend = await open();
    const proxy: TcpProxy = await startProxy(backend.url);
    endings.push(() => proxy.cut());
    await proxy.cut();
    const queues = openQueues({ ...backend, url: proxy.url });
    const beganAt = performance.now();
    await queues.enqueue(scanBase);
    await queues.enqueue(scanBase);
    expect(performance.now() - beganAt).toBeLessThan(2_500);
    await proxy.mend();
    const wait = { timeout: 8_000, interval: 200 };
    const isStored = async () => {
      await queues.enqueue(scanBase);
      return (await queues.counts()).chain.waiting;
    };
    await expect.poll(isStored, wait).toBe(1);
    let runs = 0;
    const scan = async () => {
      runs += 1;
    };
    await queues.startWorkers({ ...ignoreAll, 'scan-chain': scan }, fast);
    await expect.poll(() => runs).toBe(1);
    await proxy.cut();
    await queues.enqueue(scanBase);
    await proxy.mend();
    const isDone = async () => {
      await queues.enqueue(scanBase);
      return runs > 1;
    };
    await expect.poll(isDone, wait).toBe(true);
    expect(queues.lines).toContain('the queue did not answer');
    expect(queues.lines).toContain('the queue answered again');
  }, 30_000);

  test('refuse to start without a handler for every kind of job', async () => {
    const queues = openQueues(await open());
    const { reconcile: _, ...lacking } = ignoreAll;
    await expect(queues.startWorkers(lacking as JobHandlers, fast)).rejects.toThrow(
      'no handler for jobs of kind reconcile',
    );
  });

  test('refuse a payload that is a bug, before anything is stored', async () => {
    const queues = openQueues(await open());
    await expect(queues.enqueue({ kind: 'scan-chain', network: 'Base' })).rejects.toThrow();
    expect((await queues.counts()).chain.waiting).toBe(0);
  });
});

describe('queues on PostgreSQL', () => {
  async function ask<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }

  it('serve both roles, each with its own rights', async () => {
    const backend = await postgresBackend();
    const api = openQueues({ kind: 'postgres', url: backend.url, role: 'tollbook_app' });
    const worker = openQueues(backend);
    let runs = 0;
    const relay = async () => {
      runs += 1;
    };
    await worker.startWorkers({ ...ignoreAll, 'relay-outbox': relay }, fast);
    await api.enqueue({ kind: 'relay-outbox' });
    await expect.poll(() => runs).toBe(1);
    await ask(backend.url, 'revoke all on all tables in schema bullmq from tollbook_app');
    await api.enqueue({ kind: 'relay-outbox' });
    await expect.poll(() => api.lost).toEqual(['relay-outbox']);
    await worker.enqueue({ kind: 'relay-outbox' });
    await expect.poll(() => runs).toBe(2);
  });

  it('take seven connections at most', async () => {
    const backend = await postgresBackend();
    const queues = openQueues(backend);
    await queues.startWorkers(ignoreAll, { ...fast, concurrency: 8 });
    const networks = Array.from({ length: 30 }, (_, at) => `eip155:${at}`);
    await Promise.all(networks.map((network) => queues.enqueue({ kind: 'scan-chain', network })));
    await expect.poll(async () => (await queues.counts()).chain).toMatchObject({ waiting: 0, active: 0 });
    const rows = await ask<{ count: string }>(
      backend.url,
      'select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    expect(Number(rows[0]?.count)).toBeLessThanOrEqual(7);
  });

  it('refuse to start where the schema was not made', async () => {
    const database = await createTestDatabase(server);
    endings.push(() => database.drop());
    const queues = openQueues({ kind: 'postgres', url: database.url });
    await expect(queues.startWorkers(ignoreAll, fast)).rejects.toThrow('not initialized');
  });
});
