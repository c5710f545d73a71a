import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { identify, isRunning, type ProcessIdentity } from './process-identity.js';

/** The right to run on a data folder, or the process that has it. */
export type LockResult =
  | { readonly kind: 'taken'; readonly release: () => void }
  | { readonly kind: 'held'; readonly pid: number };

const ownerOnly = 0o600;
const triesMax = 20;

/**
 * Takes the lock file for this process. A file that a killed process left behind is replaced: its holder is named by
 * process id and start time, so neither a crash nor a reused id blocks the folder.
 */
export function takeInstanceLock(file: string): LockResult {
  const own = `${JSON.stringify(identify(process.pid))}\n`;
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, own, { mode: ownerOnly });
  try {
    for (let tries = 1; tries <= triesMax; tries += 1) {
      if (linkIfAbsent(draft, file)) return { kind: 'taken', release: () => removeIfUnchanged(file, own) };
      const found = readIfPresent(file);
      if (found === undefined) continue;
      const holder = parseHolder(found);
      if (holder !== null && isRunning(holder)) return { kind: 'held', pid: holder.pid };
      removeIfUnchanged(file, found);
    }
    throw new Error(`the lock file ${file} keeps changing`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Written whole under another name and then linked, so nobody ever reads half of it. */
function linkIfAbsent(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Moved aside before it is removed: of two that found the same dead holder, only one moves the file. */
function removeIfUnchanged(file: string, expected: string): void {
  const aside = `${file}.${process.pid}.old`;
  if (readIfPresent(file) !== expected) return;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  if (readIfPresent(aside) !== expected) linkIfAbsent(aside, file);
  rmSync(aside, { force: true });
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Null for a file that no process of ours wrote to its end. */
function parseHolder(text: string): ProcessIdentity | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startMark' in value)) return null;
    const { pid, startMark } = value;
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return null;
    return { pid, startMark: typeof startMark === 'string' ? startMark : null };
  } catch {
    return null;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
