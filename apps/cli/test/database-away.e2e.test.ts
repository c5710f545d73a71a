import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalPostgres, startPostgres } from '@tollbook/postgres-local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, signedHeader } from './buyer.js';
import { install } from './install.js';
import { expectBooksEqualChain } from './proofs.js';
import { eventually, type Process, startWorld, type World } from './world.js';

describe('a database that is away', () => {
  let world: World;
  let api: Process;
  let folder: string;
  let postgres: LocalPostgres;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tollbook-away-'));
    postgres = await startPostgres({ dataDir: folder });
    world = await startWorld({ postgres });
    await install(world);
    api = await world.startApi();
    await world.startWorker();
  });
  afterAll(async () => {
    await world.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is answered 503 within a second, paid or not, and everything resumes when it is back', async () => {
    const url = `${api.url}/g/demo/weather`;
    const before = await signedHeader(world, url);
    const late = await signedHeader(world, url);
    const first = await send(url, before);
    expect(first.status).toBe(200);
    process.kill(postgres.pid, 'SIGKILL');
    await postgres.exited;
    for (const headers of [{}, late]) {
      const startedAt = performance.now();
      const answer = await eventually(
        'the gate closes',
        async () => {
          const each = await send(url, headers);
          return each.status === 503 ? each : undefined;
        },
        3_000,
      );
      expect(answer.code).toBe('store_unavailable');
      expect(answer.header('payment-required')).toBeNull();
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      const at = performance.now();
      expect((await send(url, headers)).status).toBe(503);
      expect(performance.now() - at).toBeLessThan(1_000);
    }
    expect((await send(`${api.url}/health/ready`)).status).toBe(503);

    postgres = await startPostgres({ dataDir: folder });
    await eventually('the gate is ready again', async () => (await send(`${api.url}/health/ready`)).status === 200);
    expect((await send(url, before)).body).toBe(first.body);
    expect((await send(url, late)).status).toBe(200);
    await eventually('both are final', async () => {
      const rows = await world.rows(`select 1 from payment_intents where status = 'final'`);
      return rows.length === 2;
    });
    await expectBooksEqualChain(world);
  });

  it('is answered 503 also when it is frozen, and a payment that met that is taken when it thaws', async () => {
    const url = `${api.url}/g/demo/weather`;
    const header = await signedHeader(world, url);
    // Connections that are warm when it freezes are those a request would wait on.
    expect((await send(url, await signedHeader(world, url))).status).toBe(200);
    const frozen = [postgres.pid, ...childrenOf(postgres.pid)];
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    try {
      const startedAt = performance.now();
      const answer = await send(url, header);
      expect([answer.status, answer.code, answer.header('payment-required')]).toEqual([503, 'store_unavailable', null]);
      expect(performance.now() - startedAt).toBeLessThan(1_000);
      const closed = await eventually('the gate closes', async () => {
        const each = await send(url);
        return each.status === 503 ? each : undefined;
      });
      expect(closed.header('payment-required')).toBeNull();
    } finally {
      for (const pid of frozen) process.kill(pid, 'SIGCONT');
    }
    await eventually('the same payload is served', async () => (await send(url, header)).status === 200);
  });
});

/** The server's own processes: one frozen alone would be waited for by the others. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}
