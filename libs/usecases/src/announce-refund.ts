import {
  encodeId,
  formatDecimal,
  judgeRefund,
  type Mode,
  parseDecimal,
  type RefundRefusal,
  refundableAtomic,
} from '@tollbook/domain';
import { assetOf } from './catalog.js';
import { type ChangeDeps, refreshContext } from './change-attempt.js';
import type { AuditContext } from './ports/audit.js';
import type { IntentRecord, RefundRecord } from './ports/records.js';
import type { RefundStore, RefundTx } from './ports/refund-store.js';
import { tellRefund } from './refresh-intent.js';
import { toRefundView } from './refund-view.js';

export type RefundDeps = ChangeDeps & {
  readonly refunds: RefundStore;
  /** The lower-case address behind its spelling on a network; null where it is none. */
  readonly parseAddress: (network: string, text: string) => string | null;
};

type Caller = AuditContext & { readonly bookId: number; readonly mode: Mode };

export type NewRefund = {
  /** Made by the caller: a second run with it meets the same refund. */
  readonly refundId: string;
  readonly intentId: string;
  /** Decimal text; null gives back everything that is left. */
  readonly amount: string | null;
  /** Null sends it to whoever paid. */
  readonly to: string | null;
  /** The transaction that carries it out, where it was sent already. */
  readonly txHash: string | null;
  readonly reason: string;
};

export type RefundResult =
  | { readonly kind: 'ok'; readonly refund: RefundRecord }
  | {
      readonly kind: 'refused';
      readonly reason: RefundRefusal | 'amount_invalid' | 'recipient_invalid' | 'recipient_unknown' | 'refund_not_open';
      /** What may still be given back, as decimal text with its asset, where the amount was refused. */
      readonly left?: string;
    }
  | { readonly kind: 'not_found' };

/**
 * Announces that money of a payment is given back. Nothing moves by it: the transfer is sent by whoever holds the
 * wallet's key, and the indexer finds it. At no time more is announced than what came and is final (I09).
 */
export async function recordRefund(deps: RefundDeps, caller: Caller, input: NewRefund): Promise<RefundResult> {
  const { bookId } = caller;
  const { intentId, refundId } = input;
  return deps.refunds.inBook<RefundResult>(bookId, caller, async (tx) => {
    const made = await tx.refund(refundId);
    if (made) return { kind: 'ok', refund: made };
    const [intent] = await tx.lockIntents([{ bookId, intentId }]);
    if (!intent) return { kind: 'not_found' };
    const facts = { allocations: intent.allocations, refunds: await tx.refundsOf([intent]) };
    const leftAtomic = refundableAtomic(facts);
    const { decimals, symbol } = assetOf(deps.catalog, intent.assetId);
    const asked = input.amount === null ? leftAtomic : atomicOf(input.amount, decimals);
    if (asked === null) return { kind: 'refused', reason: 'amount_invalid' };
    const refusal = judgeRefund(asked, facts);
    if (refusal) {
      const left = `${formatDecimal(leftAtomic > 0n ? leftAtomic : 0n, decimals)} ${symbol}`;
      return { kind: 'refused', reason: refusal, left };
    }
    const to = input.to === null ? intent.payer : deps.parseAddress(intent.network, input.to);
    if (to === null) return { kind: 'refused', reason: input.to === null ? 'recipient_unknown' : 'recipient_invalid' };
    if (await tx.isOwnWallet(intent.network, to)) return { kind: 'refused', reason: 'recipient_invalid' };
    const refund: RefundRecord = {
      bookId,
      refundId,
      intentId,
      network: intent.network,
      assetId: intent.assetId,
      to,
      amountAtomic: asked,
      status: 'recorded',
      returnedAtomic: 0n,
      namedTxHash: input.txHash,
      txHash: null,
      afterBlock: (await tx.headNumber(intent.network)) ?? 0n,
      transferId: null,
      reason: input.reason,
      actorId: caller.actor.id,
      createdAtMs: tx.nowMs,
    };
    await tx.insertRefund(refund);
    await tell(deps, caller, tx, intent, refund, 'refund.recorded');
    const { reason } = input;
    tx.audit([{ action: 'refund.recorded', ...targetOf(refund), before: null, after: viewOf(deps, refund), reason }]);
    return { kind: 'ok', refund };
  });
}

/** Takes an announced refund back; asked again, it answers the same. One whose transfer was seen stays. */
export async function cancelRefund(
  deps: RefundDeps,
  caller: Caller,
  { refundId, reason }: { readonly refundId: string; readonly reason: string },
): Promise<RefundResult> {
  return changeOpen(deps, caller, refundId, async (tx, intent, refund) => {
    if (refund.status === 'canceled') return { kind: 'ok', refund };
    if (refund.status !== 'recorded') return { kind: 'refused', reason: 'refund_not_open' };
    const canceled: RefundRecord = { ...refund, status: 'canceled' };
    await tx.saveRefunds([canceled]);
    await tell(deps, caller, tx, intent, canceled, 'refund.canceled');
    const change = { before: { status: 'recorded' }, after: { status: 'canceled' } };
    tx.audit([{ action: 'refund.canceled', ...targetOf(refund), ...change, reason }]);
    return { kind: 'ok', refund: canceled };
  });
}

/**
 * Names the transaction that carries a refund out: by whoever sent it, or where the amount alone does not tell. The
 * worker books it when the chain shows a transfer of that transaction to the same address and of the same amount.
 */
export async function nameRefundTx(
  deps: RefundDeps,
  caller: Caller,
  { refundId, txHash, reason }: { readonly refundId: string; readonly txHash: string; readonly reason: string },
): Promise<RefundResult> {
  return changeOpen(deps, caller, refundId, async (tx, _intent, refund) => {
    if (refund.namedTxHash === txHash || refund.txHash === txHash) return { kind: 'ok', refund };
    if (refund.status !== 'recorded') return { kind: 'refused', reason: 'refund_not_open' };
    const named: RefundRecord = { ...refund, namedTxHash: txHash };
    await tx.saveRefunds([named]);
    const change = { before: { txHash: refund.namedTxHash }, after: { txHash } };
    tx.audit([{ action: 'refund.linked', ...targetOf(refund), ...change, reason }]);
    return { kind: 'ok', refund: named };
  });
}

/** Reads a refund again under the lock of its payment. */
async function changeOpen(
  deps: RefundDeps,
  caller: Caller,
  refundId: string,
  change: (tx: RefundTx, intent: IntentRecord, refund: RefundRecord) => Promise<RefundResult>,
): Promise<RefundResult> {
  return deps.refunds.inBook<RefundResult>(caller.bookId, caller, async (tx) => {
    const found = await tx.refund(refundId);
    const [intent] = found ? await tx.lockIntents([found]) : [];
    const refund = intent ? await tx.refund(refundId) : null;
    return intent && refund ? change(tx, intent, refund) : { kind: 'not_found' };
  });
}

async function tell(
  deps: RefundDeps,
  caller: Caller,
  tx: RefundTx,
  intent: IntentRecord,
  refund: RefundRecord,
  type: 'refund.recorded' | 'refund.canceled',
): Promise<void> {
  const told = tellRefund(intent, refund, type, refreshContext(deps, caller, tx.nowMs, refund.refundId));
  await tx.saveIntents([told.intent]);
  await tx.addEvents(told.events);
}

function targetOf({ refundId }: RefundRecord) {
  return { targetKind: 'refund', targetId: encodeId('refund', refundId) } as const;
}

function viewOf(deps: RefundDeps, refund: RefundRecord) {
  const { paymentId, amount, asset, network, to, txHash } = toRefundView(refund, deps);
  return { paymentId, amount, asset, network, to, txHash };
}

function atomicOf(amount: string, decimals: number): bigint | null {
  const parsed = parseDecimal(amount, decimals);
  return parsed.kind === 'ok' ? parsed.atomic : null;
}
