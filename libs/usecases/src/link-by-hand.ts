import { dueAtomic, matchByHand, paidAtomic, postReversal } from '@tollbook/domain';
import { confirmTransfers } from './confirm-transfers.js';
import { finalizeTransfers } from './finalize-transfers.js';
import type { ChainTx, CursorRecord, Lease } from './ports/chain-store.js';
import type { HandLinkRecord, IntentRecord } from './ports/records.js';
import type { WorkerDeps } from './worker-deps.js';

const linksMax = 20;

/**
 * Carries out what people decided about money that fits no payment (B4): the unmatched allocation is reversed and the
 * transfer booked anew for the payment that was named, in one dbTx and by the rules of every other booking. An order
 * that no longer fits is refused, and changes nothing. The caller holds the network's lease and runs no scan meanwhile.
 */
export async function linkByHand(deps: WorkerDeps, lease: Lease, cursor: CursorRecord): Promise<number> {
  const orders = (await deps.sweep.pendingHandLinks(linksMax)).filter(
    ({ transfer }) => transfer.network === cursor.network,
  );
  for (const order of orders) {
    await deps.store.underLease(lease, async (tx) => {
      await tx.finishHandLink(order, await carryOut(tx, deps, order, cursor));
    });
  }
  return orders.length;
}

/** Resolves to why it was refused, or null when it is done. */
async function carryOut(
  tx: ChainTx,
  deps: WorkerDeps,
  { transfer, intentId, actorId }: HandLinkRecord,
  cursor: CursorRecord,
): Promise<string | null> {
  const { bookId, transferId } = transfer;
  const [intent] = await tx.lockIntents([{ bookId, intentId }]);
  const allocations = await tx.allocationsOf([transfer]);
  const isUnmatched = allocations.length > 0 && allocations.every(({ bucket }) => bucket === 'unmatched');
  const tolerances = await tx.tolerances([bookId]);
  if (!intent) return 'payment_unknown';
  if (!isUnmatched) return 'transfer_matched';
  const decided = matchByHand({
    amountAtomic: transfer.amountAtomic,
    isFinal: transfer.blockNumber <= cursor.final.number,
    isSameAsset: transfer.assetId === intent.assetId,
    isSameWallet: transfer.toWalletId === intent.walletId,
    intentId,
    intentStatus: intent.status,
    isBeingTried: isBeingTried(intent),
    dueAtomic: dueAtomic(intent),
    priceAtomic: intent.amountAtomic,
    paidAtomic: paidAtomic(intent.allocations),
    tolerance: tolerances.find(({ assetId }) => assetId === transfer.assetId)?.amountAtomic ?? 0n,
  });
  if (decided.kind === 'refused') return decided.reason;
  const entries = await tx.entriesOf(allocations);
  await tx.reverseAllocations(allocations);
  await tx.closeDiscrepancies([{ bookId, kind: 'unmatched', subjectId: transferId }], 'linked');
  await confirmTransfers(tx, deps, [transfer], { bookId, intentId, transferId, actorId, match: decided.match });
  await tx.appendEntries(entries.map(({ entry }) => ({ bookId, entry: postReversal(entry) })));
  await finalizeTransfers(tx, deps, [transfer]);
  return null;
}

function isBeingTried(intent: IntentRecord): boolean {
  const ended = ['failed', 'confirmed', 'final'];
  return intent.attempts.some(({ status }) => !ended.includes(status));
}
