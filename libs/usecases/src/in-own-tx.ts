import type { ChainTx, Lease } from './ports/chain-store.js';
import { LeaseLost } from './store-unavailable.js';
import type { WorkerDeps } from './worker-deps.js';

/** One attempt a dbTx: a row that another process moved meanwhile costs only itself, and resolves to null. */
export async function inOwnTx<T>(deps: WorkerDeps, lease: Lease, work: (tx: ChainTx) => Promise<T>): Promise<T | null> {
  try {
    return await deps.store.underLease(lease, work);
  } catch (error) {
    if (error instanceof LeaseLost) return null;
    throw error;
  }
}
