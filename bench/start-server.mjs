// A server of the benchmarks in a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Starts `file` (relative to this folder) and waits until it has told its URL. */
export async function startServer(file, args = []) {
  const child = fork(new URL(file, import.meta.url), args, { env: { ...process.env, NODE_ENV: 'production' } });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${code}`);
  });
  const [{ url }] = await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => {});
  return { url, pid: child.pid, stop: () => child.disconnect() };
}
