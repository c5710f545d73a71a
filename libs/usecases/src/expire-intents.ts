import { type DiscrepancyKind, offerGraceSeconds } from '@tollbook/domain';
import { PaymentBatch } from './payment-batch.js';
import type { Lease } from './ports/chain-store.js';
import type { WorkerDeps } from './worker-deps.js';

const expireMax = 500;
/** What was open about a transfer that a reorg took. */
const endedByExpiry: readonly DiscrepancyKind[] = ['reorged', 'paid_not_served'];

export type ExpireCounts = {
  readonly expired: number;
  /** Networks that overdue intents wait for: their chain time has passed the end of none of them yet. */
  readonly waitingFor: readonly string[];
};

/**
 * Ends intents whose offer and grace are over on the clock of every network that is read, so that lateness never
 * depends on how far the indexer was (I14).
 */
export async function expireIntents(deps: WorkerDeps, lease: Lease): Promise<ExpireCounts> {
  const graceMs = offerGraceSeconds * 1000;
  const overdue = await deps.sweep.overdueIntents((await deps.sweep.nowMs()) - graceMs, 1);
  if (overdue.length === 0) return { expired: 0, waitingFor: [] };
  const times = await deps.store.chainTimes();
  const slowestMs = Math.min(...times.map((each) => each.timeUnixSeconds * 1000));
  const due = times.length === 0 ? [] : await deps.sweep.overdueIntents(slowestMs - graceMs, expireMax);
  if (due.length === 0) {
    const waitingFor: string[] = [];
    for (const { network, timeUnixSeconds } of times) {
      const passed = await deps.sweep.overdueIntents(timeUnixSeconds * 1000 - graceMs, 1);
      if (passed.length === 0) waitingFor.push(network);
    }
    return { expired: 0, waitingFor };
  }
  const expired = await deps.store.underLease(lease, async (tx) => {
    const batch = await PaymentBatch.open(tx, deps, due, []);
    const undone = batch
      .all()
      .flatMap(({ bookId, intentId, openDiscrepancies }) =>
        endedByExpiry
          .filter((kind) => openDiscrepancies.includes(kind))
          .map((kind) => ({ bookId, kind, subjectId: intentId })),
      );
    for (const intent of batch.all()) {
      const openDiscrepancies = intent.openDiscrepancies.filter((kind) => !endedByExpiry.includes(kind));
      batch.refresh({ ...intent, openDiscrepancies }, { ...batch.context(intent.bookId, null), isOver: true });
    }
    // A transfer that a reorg took and that never came back: nothing else would end the record.
    await batch.closeDiscrepancies(undone, 'expired');
    await batch.saveIntents();
    await batch.saveEvents();
    return batch.events.length;
  });
  return { expired, waitingFor: [] };
}
