import { assert, type Match, matchOutgoing, matchRefund, type RefundEventType, returnedAtomic } from '@tollbook/domain';
import type { PaymentBatch } from './payment-batch.js';
import type { ChainTx } from './ports/chain-store.js';
import type { IntentKey, RefundRecord, TransferRecord } from './ports/records.js';
import { tellRefund } from './refresh-intent.js';

/** Whether money left a wallet of the book for somebody else. */
export function isOutgoing({ fromWalletId, toWalletId }: TransferRecord): boolean {
  return fromWalletId !== null && toWalletId === null;
}

/**
 * The refunds that outgoing transfers of one dbTx may carry out. Opened after their intents are locked: announcing and
 * canceling lock the same, so nothing about them moves until the commit.
 */
export class RefundDesk {
  private readonly changed = new Map<string, RefundRecord>();

  private constructor(
    private readonly tx: ChainTx,
    private readonly waiting: ReadonlyMap<string, readonly RefundRecord[]>,
    private readonly ofIntents: RefundRecord[],
    private readonly toPayers: ReadonlySet<string>,
  ) {}

  /** The payments of refunds that these transfers might carry out: to be locked before the desk is opened. */
  static async intentsOf(tx: ChainTx, transfers: readonly TransferRecord[]): Promise<readonly IntentKey[]> {
    const outgoing = transfers.filter(isOutgoing);
    const found = outgoing.length === 0 ? [] : await tx.waitingRefunds(outgoing);
    return found.map(({ refund: { bookId, intentId } }) => ({ bookId, intentId }));
  }

  static async open(tx: ChainTx, transfers: readonly TransferRecord[], batch: PaymentBatch): Promise<RefundDesk> {
    const outgoing = transfers.filter(isOutgoing);
    if (outgoing.length === 0) return new RefundDesk(tx, new Map(), [], new Set());
    const waiting = new Map<string, RefundRecord[]>();
    // One that was announced since the locks were taken is met by the next look at what was booked otherwise.
    for (const { transferId, refund } of await tx.waitingRefunds(outgoing)) {
      if (!batch.intent(refund.bookId, refund.intentId)) continue;
      waiting.set(transferId, [...(waiting.get(transferId) ?? []), refund]);
    }
    const keys = [...waiting.values()].flat();
    const ofIntents = keys.length === 0 ? [] : [...(await tx.refundsOf(keys))];
    return new RefundDesk(tx, waiting, ofIntents, new Set(await tx.transfersToPayers(outgoing)));
  }

  /**
   * What becomes of an outgoing transfer; `hasPaidHere` where its recipient sent something in this very dbTx. The refund
   * that it carries out is taken, and its payment changed with it.
   */
  book(
    batch: PaymentBatch,
    transfer: TransferRecord,
    hasPaidHere: boolean,
  ): { readonly match: Match; readonly refund: RefundRecord | null } {
    const { transferId, amountAtomic, txHash } = transfer;
    const candidates = (this.waiting.get(transferId) ?? []).filter(({ refundId }) => !this.changed.has(refundId));
    const found = matchRefund(transfer, candidates);
    const moved = { ...transfer, isToPayer: hasPaidHere || this.toPayers.has(transferId) };
    if (found.kind !== 'matched') return { match: matchOutgoing(moved, found, 0n), refund: null };
    const { refund } = found;
    const intent = batch.intent(refund.bookId, refund.intentId);
    const refunds = this.ofIntents.filter(({ intentId }) => intentId === refund.intentId);
    const returned = returnedAtomic(amountAtomic, { allocations: intent?.allocations ?? [], refunds });
    const next: RefundRecord = { ...refund, status: 'confirmed', transferId, txHash, returnedAtomic: returned };
    this.changed.set(refund.refundId, next);
    this.ofIntents.splice(
      this.ofIntents.findIndex(({ refundId }) => refundId === refund.refundId),
      1,
      next,
    );
    return { match: matchOutgoing(moved, found, returned), refund: next };
  }

  async save(): Promise<void> {
    if (this.changed.size > 0) await this.tx.saveRefunds([...this.changed.values()]);
  }
}

/** The payment with a refund added to what was given back, or taken from it again, and the event that tells it. */
export function changeRefunded(
  batch: PaymentBatch,
  refund: RefundRecord,
  change: { readonly type: RefundEventType; readonly amountAtomic: bigint; readonly txHash: string | null },
): void {
  const { bookId, refundId, intentId } = refund;
  const intent = batch.intent(bookId, intentId);
  assert(intent !== undefined, 'the payment of a refund is locked with it');
  const next = { ...intent, amountRefundedAtomic: intent.amountRefundedAtomic + change.amountAtomic };
  const told = tellRefund(next, refund, change.type, batch.context(bookId, refundId, { txHash: change.txHash }));
  batch.events.push(...told.events);
  batch.put(told.intent);
}

/** Refunds whose transfer is final are so too. */
export async function finalizeRefunds(
  tx: ChainTx,
  batch: PaymentBatch,
  transfers: readonly TransferRecord[],
): Promise<void> {
  const next: RefundRecord[] = [];
  for (const refund of await tx.refundsOfTransfers(transfers)) {
    if (refund.status !== 'confirmed') continue;
    const final: RefundRecord = { ...refund, status: 'final' };
    changeRefunded(batch, final, { type: 'refund.final', amountAtomic: 0n, txHash: refund.txHash });
    next.push(final);
  }
  if (next.length > 0) await tx.saveRefunds(next);
}

/** A reorg took the transfers of refunds: these wait again, as if nothing had come. */
export async function undoRefunds(
  tx: ChainTx,
  batch: PaymentBatch,
  transfers: readonly TransferRecord[],
): Promise<void> {
  const next: RefundRecord[] = [];
  for (const refund of await tx.refundsOfTransfers(transfers)) {
    const { amountAtomic, txHash } = refund;
    const waiting: RefundRecord = { ...refund, status: 'recorded', transferId: null, txHash: null, returnedAtomic: 0n };
    changeRefunded(batch, waiting, { type: 'refund.reorged', amountAtomic: -amountAtomic, txHash });
    next.push(waiting);
  }
  if (next.length > 0) await tx.saveRefunds(next);
}
