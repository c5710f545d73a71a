import { readFileSync, readlinkSync, realpathSync, rmSync, statSync } from 'node:fs';
import { uptime } from 'node:os';
import path from 'node:path';
import { errorCode } from './error-code.js';

/** What `postmaster.pid` says of the server on a cluster; `port` is the one it really listens on. */
export interface Postmaster {
  pid: number;
  startedAtUnixSeconds: number;
  port: number;
}

/** `none`: no file, or one PostgreSQL clears itself; `unclear`: being written; `stale`: would block a start forever. */
export type PostmasterState =
  | { kind: 'none' }
  | { kind: 'unclear' }
  | { kind: 'stale'; content: string }
  | { kind: 'live'; postmaster: Postmaster };

/** A server writes the file in well under a second, so one that stays incomplete is what a power cut left. */
const incompleteAgeMsMax = 10_000;

/** Tells whether a server runs on this cluster, not trusting a process id that another process may have by now. */
export function readPostmasterState(clusterDir: string, now: number): PostmasterState {
  const file = path.join(clusterDir, 'postmaster.pid');
  const content = readIfPresent(file);
  if (content === undefined) return { kind: 'none' };
  const postmaster = parsePostmasterFile(content);
  if (postmaster === undefined) {
    const writtenAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now;
    return now - writtenAt > incompleteAgeMsMax ? { kind: 'stale', content } : { kind: 'unclear' };
  }
  if (isPostmasterAlive(postmaster, clusterDir)) return { kind: 'live', postmaster };
  // PostgreSQL takes any process with that id and our uid for a living server, and would refuse to start forever.
  return exists(postmaster.pid) ? { kind: 'stale', content } : { kind: 'none' };
}

/** Removes a stale file, unless it has changed since it was read. */
export function removeStalePostmasterFile(clusterDir: string, content: string): void {
  const file = path.join(clusterDir, 'postmaster.pid');
  if (readIfPresent(file) === content) rmSync(file, { force: true });
}

/** Reads pid (line 1), start time (line 3) and port (line 4); undefined when the file is incomplete. */
export function parsePostmasterFile(content: string): Postmaster | undefined {
  const lines = content.split('\n');
  // A server without connections (single-user mode) writes its pid with a minus.
  const pid = Math.abs(Number(lines[0]));
  const startedAtUnixSeconds = Number(lines[2]);
  const port = Number(lines[3]);
  const isComplete =
    lines.length > 4 && [pid, startedAtUnixSeconds, port].every((value) => Number.isSafeInteger(value));
  return isComplete && pid > 0 && port > 0 ? { pid, startedAtUnixSeconds, port } : undefined;
}

/** Says whether this very server is still running on the cluster. */
export function isPostmasterAlive(postmaster: Postmaster, clusterDir: string): boolean {
  if (!exists(postmaster.pid)) return false;
  // A server works in its data folder, also after that was moved; a process that has ended unreaped works nowhere.
  const workingDir = readProcess(() => readlinkSync(`/proc/${postmaster.pid}/cwd`));
  if (workingDir.isKnown) return workingDir.value === realpathSync(clusterDir);
  const command = readProcess(() => readFileSync(`/proc/${postmaster.pid}/cmdline`, 'utf8'));
  if (command.isKnown) return command.value?.split('\0').includes(clusterDir) === true;
  // Without /proc: a server cannot have begun before the machine did (a minute is left for clock steps).
  return postmaster.startedAtUnixSeconds * 1000 > Date.now() - uptime() * 1000 - 60_000;
}

/** A process that vanishes meanwhile is known to be none; one we may not look at, or no /proc, is not known. */
function readProcess(read: () => string): { isKnown: true; value: string | undefined } | { isKnown: false } {
  try {
    return { isKnown: true, value: read() };
  } catch (error) {
    const isGone = process.platform === 'linux' && ['ENOENT', 'ESRCH'].includes(errorCode(error) ?? '');
    return isGone ? { isKnown: true, value: undefined } : { isKnown: false };
  }
}

/** A process of another account (EPERM) cannot be our server: it runs as ours, or we are root. */
function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
