import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isRunning } from '../supervisor/process-identity.js';

const pollMs = 50;
/** A server that was just launched may not have written its file yet. */
const quietMs = 500;
const quitAfterMs = 5_000;
const giveUpAfterMs = 10_000;

/**
 * Ends the PostgreSQL of a cluster, found by its own `postmaster.pid` so that one started a moment ago is not missed:
 * SIGINT (fast shutdown), SIGQUIT after 5 s. Resolves when none runs, or after 10 s.
 */
export async function endCluster(clusterDir: string): Promise<void> {
  const startedAtMs = performance.now();
  const told = new Map<number, 'SIGINT' | 'SIGQUIT'>();
  let quietSinceMs = startedAtMs;
  for (;;) {
    const nowMs = performance.now();
    const pid = findPostmaster(clusterDir);
    if (pid === null) {
      if (told.size > 0 || nowMs - quietSinceMs > quietMs) return;
    } else {
      quietSinceMs = nowMs;
      const signal = nowMs - startedAtMs > quitAfterMs ? 'SIGQUIT' : 'SIGINT';
      if (told.get(pid) !== signal) {
        told.set(pid, signal);
        send(pid, signal);
      }
    }
    if (nowMs - startedAtMs > giveUpAfterMs) return;
    await delay(pollMs);
  }
}

/** The process that serves this very cluster, whatever a stale file says. */
function findPostmaster(clusterDir: string): number | null {
  let pid: number;
  try {
    pid = Math.abs(Number(readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8').split('\n', 1)[0]));
  } catch {
    return null;
  }
  if (!Number.isSafeInteger(pid) || pid <= 1 || !isRunning(identify(pid))) return null;
  return worksIn(pid, clusterDir) ? pid : null;
}

/** A PostgreSQL server works in its data folder; where that is not told, its command line names the folder. */
function worksIn(pid: number, clusterDir: string): boolean {
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(clusterDir);
    return execFileSync('ps', ['-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' }).includes(clusterDir);
  } catch {
    return false;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}
