import { spawn } from 'node:child_process';
import { encodeOrder, nothingToReap, type ReaperOrder } from '../reaper/reaper-order.js';
import { type RunningService, StartFailed } from './running-service.js';

/** The reaper as a service; `tell` replaces what it will end should we be gone. */
export type ReaperService = RunningService & { readonly tell: (order: ReaperOrder) => void };

/** Starts the process that ends what would outlive us; it ends when we do, with nothing to do after a clean stop. */
export async function startReaper(file: string, signal: AbortSignal): Promise<ReaperService> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [file], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: {} });
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, by) => resolve(by === null ? `ended with exit code ${code}` : `was ended by ${by}`));
  });
  if (child.pid === undefined) throw new StartFailed(`could not be run: ${await exited}`, []);
  // Without a reader the order is lost; its end is seen by `exited`, and the next reaper is told anew.
  child.stdin.on('error', () => undefined);
  const tell = (order: ReaperOrder) => void child.stdin.write(encodeOrder(order));
  return {
    pid: child.pid,
    exited,
    tell,
    askToEnd: () => {
      tell(nothingToReap);
      child.stdin.end();
    },
    kill: () => void child.kill('SIGKILL'),
    lastLines: () => [],
  };
}
