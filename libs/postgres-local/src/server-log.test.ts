import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followServerLog, readLogTail } from './server-log.js';

describe('the log of a server', () => {
  let folder: string;
  let logFile: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'tollbook-log-'));
    logFile = path.join(folder, 'server.log');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is quoted by its last lines of this run, shortened, without passwords', () => {
    writeFileSync(logFile, `old run\n${'line\n'.repeat(40)}has s3cret\n${'x'.repeat(5_000)}\n`);
    const lines = readLogTail(logFile, 'old run\n'.length, ['s3cret']);
    expect(lines).toHaveLength(20);
    expect(lines.at(-2)).toBe('has ***');
    expect(lines.at(-1)?.length).toBeLessThan(2_100);
    expect(readLogTail(path.join(folder, 'absent.log'), 0, [])).toEqual([]);
  });

  it('is passed on in whole lines from where it was joined', () => {
    writeFileSync(logFile, 'before\n');
    const lines: string[] = [];
    const stop = followServerLog(logFile, 'before\n'.length, (line) => lines.push(line));
    appendFileSync(logFile, 'one\n\ntwo\nunfinished');
    stop();
    expect(lines).toEqual(['one', 'two']);
  });

  it('does not flood whom it is passed on to', () => {
    const lines: string[] = [];
    const stop = followServerLog(logFile, 0, (line) => lines.push(line));
    writeFileSync(logFile, 'again and again\n'.repeat(50_000));
    stop();
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe(`(more lines in ${logFile})`);
  });
});
