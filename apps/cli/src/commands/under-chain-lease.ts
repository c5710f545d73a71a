import { setTimeout as delay } from 'node:timers/promises';
import { chainLeaseMs, chainLeaseName, type Lease, type WorkerDeps } from '@tollbook/usecases';
import { CliError } from '../cli-error.js';

/** The worker gives its lease back after every step, and a step may wait for a slow node. */
const leasePatienceMs = 60_000;
const leasePauseMs = 50;

/** Runs `work` as the one who indexes the network; the worker waits meanwhile, a step at a time. */
export async function underChainLease<T>(
  deps: Pick<WorkerDeps, 'store' | 'holder'>,
  network: string,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const take = () => deps.store.takeLease(chainLeaseName(network), deps.holder, chainLeaseMs);
  const startedAtMs = performance.now();
  let lease = await take();
  while (!lease) {
    if (performance.now() - startedAtMs > leasePatienceMs) {
      throw new CliError(`${network}: another process has been reading it for a minute; try again.`);
    }
    await delay(leasePauseMs);
    lease = await take();
  }
  const renewal = setInterval(() => void take().catch(() => null), chainLeaseMs / 3);
  try {
    return await work(lease);
  } finally {
    clearInterval(renewal);
    await deps.store.releaseLease(lease).catch(() => undefined);
  }
}
