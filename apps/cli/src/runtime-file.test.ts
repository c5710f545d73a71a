import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSupervisorRunning, type Runtime, readRuntime, writeRuntime } from './runtime-file.js';
import { identify } from './supervisor/process-identity.js';

const runtime: Runtime = {
  databaseUrl: 'postgres://127.0.0.1:5432/tollbook',
  publicUrl: 'http://127.0.0.1:4020',
  queueBackend: 'redis',
  pids: { supervisor: process.pid },
  startMarks: { supervisor: identify(process.pid).startMark },
};

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tollbook-runtime-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

describe('readRuntime', () => {
  it('reads what was written', () => {
    writeRuntime(dataDir, runtime);
    expect(readRuntime(dataDir)).toEqual(runtime);
  });

  it('does not know the queue of a file that does not say', () => {
    writeFileSync(join(dataDir, 'runtime.json'), '{"pids":{"supervisor":1},"queueBackend":"kafka"}');
    expect(readRuntime(dataDir)).toMatchObject({ queueBackend: null, pids: { supervisor: 1 } });
  });
});

describe('isSupervisorRunning', () => {
  it('goes by the process the file names', () => {
    expect(isSupervisorRunning(runtime)).toBe(true);
    expect(isSupervisorRunning({ ...runtime, pids: {} })).toBe(false);
  });
});
