import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@tollbook/postgres-local';
import { afterEach, describe, expect, it } from 'vitest';
import { identify } from '../supervisor/process-identity.js';
import { reap } from './reap.js';
import { nothingToReap } from './reaper-order.js';

const stubs: ChildProcess[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.kill('SIGKILL');
});

/** A process that waits; resolves when it runs this program. */
async function startStub(program = ''): Promise<ChildProcess & { pid: number }> {
  const stub = spawn(process.execPath, ['-e', `${program};process.stdin.resume();console.log('up')`], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  stubs.push(stub);
  await once(stub.stdout, 'data');
  return Object.assign(stub, { pid: stub.pid ?? 0 });
}

describe('reap', () => {
  it('lets children end by themselves, and kills those that do not', async () => {
    const [obedient, stuck, chain] = await Promise.all([startStub(), startStub(), startStub()]);
    const ends = [obedient, stuck, chain].map((stub) => once(stub, 'exit'));
    const children = [obedient, stuck].map(({ pid }) => identify(pid));
    const reaped = reap({ children, others: [identify(chain.pid)], clusterDir: null }, 300);
    obedient.stdin?.end();
    await reaped;
    expect((await Promise.all(ends)).map(([, signal]) => signal)).toEqual([null, 'SIGKILL', 'SIGKILL']);
  });

  it('never touches a process that has the id of one of ours', async () => {
    const stranger = await startStub();
    const { pid } = stranger;
    await reap({
      ...nothingToReap,
      children: [{ pid, startMark: 'another boot/1' }],
      others: [{ pid, startMark: null }],
    });
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
  });

  it('ends the database of a cluster last, in order', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tollbook-reap-'));
    chmodSync(folder, 0o755);
    const server = await startPostgres({ dataDir: folder, isDurable: false });
    await reap({ ...nothingToReap, clusterDir: join(folder, 'cluster') });
    expect(await server.exited).toEqual({ code: 0, signal: null });
    rmSync(folder, { recursive: true, force: true });
  });
});
