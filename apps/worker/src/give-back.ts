import type { ChainStore } from '@tollbook/usecases';

/** Time enough between two statements. */
const momentMs = 1_000;

/** Gives a lease back if this holder has it, or nobody. Never throws: a lease that is kept lapses by itself. */
export async function giveBack(
  store: Pick<ChainStore, 'takeLease' | 'releaseLease'>,
  name: string,
  holder: string,
): Promise<void> {
  try {
    const lease = await store.takeLease(name, holder, momentMs);
    if (lease) await store.releaseLease(lease);
  } catch {
    // The database is away; so is everybody who might wait for the lease.
  }
}
