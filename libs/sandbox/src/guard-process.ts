import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Kills the process with this pid as soon as the present process is gone, however it ends: a shell waits for the end
 * of its input, which only the present process holds open. Kill the guard itself when the guarded one has ended.
 */
export function guardProcess(pid: number): ChildProcess {
  const script = 'while read -r _; do :; done; kill -9 "$1"';
  const guard = spawn('/bin/sh', ['-c', script, 'tollbook-guard', `${pid}`], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  // Without a shell nothing is lost: the next start ends what a crash left behind.
  guard.once('error', () => undefined);
  guard.stdin?.once('error', () => undefined);
  guard.unref();
  return guard;
}
