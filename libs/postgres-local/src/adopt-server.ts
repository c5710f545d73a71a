import { isPostmasterAlive, type Postmaster } from './postmaster-file.js';
import type { ServerEnd, ServerProcess } from './stop-server.js';

const watchIntervalMs = 100;

/** Takes charge of a server that an earlier process left running; watching it does not keep this process alive. */
export function adoptServer(postmaster: Postmaster, clusterDir: string): ServerProcess {
  const isAlive = () => {
    try {
      return isPostmasterAlive(postmaster, clusterDir);
    } catch {
      // The cluster folder is gone, and no server outlives that.
      return false;
    }
  };
  const exited = new Promise<ServerEnd>((resolve) => {
    const timer = setInterval(() => {
      if (isAlive()) return;
      clearInterval(timer);
      resolve({ code: null, signal: null });
    }, watchIntervalMs);
    timer.unref();
  });
  return {
    pid: postmaster.pid,
    exited,
    sendSignal: (signal) => {
      if (!isAlive()) return;
      try {
        process.kill(postmaster.pid, signal);
      } catch {
        // It ended between the look and the signal.
      }
    },
  };
}
