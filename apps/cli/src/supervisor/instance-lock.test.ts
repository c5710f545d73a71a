import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeInstanceLock } from './instance-lock.js';
import { identify } from './process-identity.js';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollbook-lock-'));
  file = join(folder, 'supervisor.lock');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('takeInstanceLock', () => {
  it('is taken once and free again after its release, leaving no file', () => {
    const first = takeInstanceLock(file);
    expect(first.kind).toBe('taken');
    expect(takeInstanceLock(file)).toEqual({ kind: 'held', pid: process.pid });
    if (first.kind === 'taken') first.release();
    expect(readdirSync(folder)).toEqual([]);
    expect(takeInstanceLock(file).kind).toBe('taken');
  });

  it('names the process that holds it', async () => {
    const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    writeFileSync(file, JSON.stringify(identify(other.pid ?? 0)));
    expect(takeInstanceLock(file)).toEqual({ kind: 'held', pid: other.pid });
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(takeInstanceLock(file).kind).toBe('taken');
  });

  it('is taken over from a process whose id another process has by now', () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, startMark: 'another boot/1' }));
    expect(takeInstanceLock(file).kind).toBe('taken');
    expect(readFileSync(file, 'utf8')).toContain(`${identify(process.pid).startMark}`);
  });

  it.each(['', '{"pid":', '{"pid":-1,"startMark":null}', 'null'])('replaces a file that says nothing: %j', (text) => {
    writeFileSync(file, text);
    expect(takeInstanceLock(file).kind).toBe('taken');
  });

  it('keeps the lock of the process that took it over meanwhile', () => {
    const first = takeInstanceLock(file);
    const successor = JSON.stringify({ pid: process.pid, startMark: 'later' });
    writeFileSync(file, successor);
    if (first.kind === 'taken') first.release();
    expect(readFileSync(file, 'utf8')).toBe(successor);
  });
});
