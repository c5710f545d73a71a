import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type ProcessIdentity, signalIfSame } from '../supervisor/process-identity.js';
import { endCluster } from './end-cluster.js';
import type { ReaperOrder } from './reaper-order.js';

const pollMs = 50;
/** The api's own limit for requests that run is 5 s; the sandbox saves its chain within that too. */
const childrenGraceMs = 6_000;

/** Ends what a supervisor left behind, in its order: children have a while to end by themselves, the database last. */
export async function reap(order: ReaperOrder, graceMs = childrenGraceMs): Promise<void> {
  const left = await waitUntilGone(order.children, graceMs);
  for (const child of left) signalIfSame(child, 'SIGKILL');
  for (const other of order.others) signalIfSame(other, 'SIGKILL');
  if (order.clusterDir !== null) await endCluster(order.clusterDir);
}

/** Waits until none of these runs; resolves with those that still do after `msMax`. */
export async function waitUntilGone<Process extends ProcessIdentity>(
  processes: readonly Process[],
  msMax: number,
): Promise<readonly Process[]> {
  const startedAtMs = performance.now();
  for (;;) {
    const left = processes.filter(isRunning);
    if (left.length === 0 || performance.now() - startedAtMs > msMax) return left;
    await delay(pollMs);
  }
}
