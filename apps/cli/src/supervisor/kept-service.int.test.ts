import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type GiveUpReport, KeptService } from './kept-service.js';
import { identify, isRunning } from './process-identity.js';
import type { RestartLimits } from './restart-policy.js';
import { StartFailed } from './running-service.js';
import { type NodeChild, startNodeChild } from './start-node-child.js';

const soon: RestartLimits = { delayMsMin: 5, delayMsMax: 20, healthyMs: 30_000, deathsMax: 4, windowMs: 60_000 };
const ready = "process.send({ type: 'ready' });";
const stay = 'setInterval(() => {}, 1000);';
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

let folder: string;
const kept: KeptService<NodeChild<true>>[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollbook-kept-'));
});
afterEach(async () => {
  await Promise.all(kept.splice(0).map((service) => service.stop(100)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A service that runs this program; what it does is told in the order it happens. */
function keep(program: string, options: { isFirstStartFinal?: boolean; environment?: Record<string, string> } = {}) {
  const file = join(folder, `${kept.length}-${Math.random().toString(36).slice(2)}.cjs`);
  writeFileSync(file, program);
  const pids: number[] = [];
  const lines: string[] = [];
  const reports: GiveUpReport[] = [];
  const service = new KeptService<NodeChild<true>>({
    name: 'stub',
    isFirstStartFinal: options.isFirstStartFinal ?? false,
    start: (signal) =>
      startNodeChild(
        {
          file,
          environment: options.environment ?? {},
          onLine: (line) => void lines.push(line),
          onSpawned: (pid) => void pids.push(pid),
          readReady: (message) => (JSON.stringify(message).includes('ready') ? true : undefined),
        },
        signal,
      ),
    onGiveUp: (report) => void reports.push(report),
    logger: quiet,
    limits: soon,
  });
  kept.push(service);
  return { service, pids, lines, reports };
}

describe('KeptService over Node children', () => {
  it('starts a killed child again, with the same environment and nothing of ours', async () => {
    const print = 'console.log(JSON.stringify(process.env));';
    const { service, pids, lines } = keep(`${print}${ready}${stay}`, { environment: { PORT: '4020' } });
    await service.start();
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await expect.poll(() => lines.length).toBe(2);
    expect(new Set(pids).size).toBe(2);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ PORT: '4020' });
    expect(lines[1]).not.toContain('PATH');
  });

  it('gives up on a child that keeps dying, with its last words', async () => {
    const { service, pids, reports } = keep(`${ready}process.stderr.write('no disk left\\n', () => process.exit(7));`);
    await service.start();
    await expect.poll(() => reports.length).toBe(1);
    expect(reports[0]).toEqual({
      name: 'stub',
      deaths: 4,
      how: 'ended with exit code 7',
      lastLines: ['no disk left'],
    });
    expect(pids.length).toBe(4);
  });

  it('tells at once why a first start failed where that is final', async () => {
    const program = "process.send({ type: 'failed', message: 'no chain here' }, () => process.exit(1));";
    const { service, pids } = keep(program, { isFirstStartFinal: true });
    await expect(service.start()).rejects.toThrow('no chain here');
    expect(pids.length).toBe(1);
  });

  it('tries a first start again where that is not final', async () => {
    const marker = join(folder, 'second-time');
    const once = `const fs = require('node:fs'); if (!fs.existsSync('${marker}')) { fs.writeFileSync('${marker}', ''); process.exit(1); }`;
    const { service, pids } = keep(`${once}${ready}${stay}`);
    await service.start();
    expect(pids.length).toBe(2);
  });

  it('asks a child to end, and kills one that does not listen', async () => {
    const polite = keep(`process.on('SIGTERM', () => { console.log('bye'); process.exit(0); });${ready}${stay}`);
    const deaf = keep(`process.on('SIGTERM', () => {});${ready}${stay}`);
    await Promise.all([polite.service.start(), deaf.service.start()]);
    await Promise.all([polite.service.stop(10_000), deaf.service.stop(50)]);
    expect(polite.lines).toEqual(['bye']);
    const identities = [...polite.pids, ...deaf.pids].map((pid) => ({ pid, startMark: null }));
    expect(identities.some(isRunning)).toBe(false);
  });

  it('ends a child that is not ready yet when it is stopped, and starts none any more', async () => {
    const { service, pids } = keep(stay);
    const started = service.start();
    await vi.waitFor(() => expect(pids.length).toBe(1));
    await Promise.all([service.stop(10), expect(started).rejects.toBeInstanceOf(StartFailed)]);
    expect(isRunning(identify(pids[0] ?? 0))).toBe(false);
  });

  it('restarts a child for a change without counting a death', async () => {
    const { service, pids, reports } = keep(`${ready}${stay}`);
    await service.start();
    for (let time = 2; time <= 6; time += 1) {
      service.restart(1_000);
      await expect.poll(() => pids.length).toBe(time);
    }
    expect(reports).toEqual([]);
  });
});
