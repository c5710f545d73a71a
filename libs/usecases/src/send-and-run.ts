import type { AttemptRecord } from './ports/records.js';
import type { UpstreamAnswer } from './ports/upstream.js';
import type { Purchase, PurchaseDeps, PurchaseOutcome } from './purchase.js';
import { runPaid } from './run-paid.js';
import { sendCommitted } from './send-and-serve.js';

/** Settle mode `before`, from the commit of T4 on: sends what was committed, then has the upstream do its work. */
export async function sendAndRun(
  deps: PurchaseDeps,
  purchase: Purchase,
  attempt: AttemptRecord,
  how: {
    readonly isReplay: boolean;
    readonly isOwner: boolean;
    readonly isOnSight?: boolean;
    readonly started?: UpstreamAnswer | undefined;
    readonly invoiceId: string;
  },
): Promise<PurchaseOutcome | { readonly kind: 'wait' }> {
  const sent = await sendCommitted(deps, purchase, attempt, how);
  if (sent.kind !== 'accepted') return sent;
  const { isOwner, isOnSight, started, invoiceId } = how;
  return runPaid(deps, purchase, sent.attempt, { isOwner, isOnSight, started, invoiceId, isRerun: false });
}
