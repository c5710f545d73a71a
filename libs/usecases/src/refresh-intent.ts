import {
  assert,
  type DiscrepancyKind,
  discrepancyEventType,
  dueAtomic,
  type EventType,
  encodeId,
  formatDecimal,
  type IntentStatus,
  type IntentStatusResult,
  intentStatus,
  isPaid,
  type RefundEventType,
  statusEventType,
  uuidV7,
} from '@tollbook/domain';
import { assetOf } from './catalog.js';
import { eventBody } from './event-body.js';
import { toPaymentIntentView, type ViewContext } from './payment-intent-view.js';
import type { Crypto } from './ports/crypto.js';
import type { EventDraft, IntentRecord, RefundRecord, TransferRecord } from './ports/records.js';
import { toRefundView } from './refund-view.js';

export type RefreshContext = ViewContext & {
  readonly crypto: Crypto;
  readonly nowMs: number;
  /** What made the change: an attempt, an allocation, a transfer. */
  readonly causeId: string | null;
  readonly evidence?: Readonly<Record<string, unknown>>;
  /** Whether the offer is over on every network's clock; only the expiry schedule knows. */
  readonly isOver?: boolean;
};

export type Refreshed = { readonly intent: IntentRecord; readonly events: readonly EventDraft[] };

/**
 * The intent with the status its attempts and allocations give it now, and the event that tells a change. The caller
 * writes both in the dbTx that made the change (I26).
 */
export function refreshIntent(intent: IntentRecord, context: RefreshContext): Refreshed {
  const result = statusOf(intent, context.isOver);
  if (result.status === intent.status) return { intent, events: [] };
  // A claim on a failed intent is told when it is sent, not while it is looked at.
  if (intent.status === 'failed' && result.status === 'open') return { intent, events: [] };
  const next: IntentRecord = {
    ...intent,
    status: result.status,
    failureReason: result.failureReason,
    sequence: intent.sequence + 1,
    confirmedAtMs: isPaid(result.status) ? (intent.confirmedAtMs ?? context.nowMs) : null,
    finalAtMs: result.status === 'final' ? (intent.finalAtMs ?? context.nowMs) : null,
  };
  return { intent: next, events: [eventOf(next, typeOfMove(intent.status, next.status), intent.status, context)] };
}

/** The event that tells a stored intent's birth. */
export function tellCreated(intent: IntentRecord, context: RefreshContext): EventDraft {
  const subject = { bookId: intent.bookId, intentId: intent.intentId, sequence: intent.sequence };
  return draftOf(subject, statusEventType('open'), null, toPaymentIntentView(intent, context), context);
}

/** An open intent ended by its merchant, and the event that tells it. */
export function cancelIntent(intent: IntentRecord, context: RefreshContext): Refreshed {
  const result = statusOf({ ...intent, status: 'canceled' });
  assert(result.status === 'canceled', 'an intent that is open can be canceled');
  const next: IntentRecord = { ...intent, status: 'canceled', sequence: intent.sequence + 1 };
  return { intent: next, events: [eventOf(next, statusEventType('canceled'), intent.status, context)] };
}

/** The status that an intent's attempts and allocations give it. */
export function statusOf(intent: IntentRecord, isOver = intent.status === 'expired'): IntentStatusResult {
  return intentStatus({
    source: intent.source,
    dueAtomic: dueAtomic(intent),
    isCanceled: intent.status === 'canceled',
    attempts: intent.attempts.map((attempt) => ({
      status: attempt.status,
      reason: attempt.reason,
      isReleased: attempt.releasedAtMs !== null,
    })),
    allocations: intent.allocations,
    isOver,
  });
}

/** The intent with a discrepancy opened on it, and the event that tells it. The status stays. */
export function tellDiscrepancy(intent: IntentRecord, kind: DiscrepancyKind, context: RefreshContext): Refreshed {
  const next: IntentRecord = {
    ...intent,
    sequence: intent.sequence + 1,
    openDiscrepancies: [...new Set([...intent.openDiscrepancies, kind])],
  };
  return { intent: next, events: [eventOf(next, discrepancyEventType(kind), intent.status, context)] };
}

/** The intent with a refund of it told. The status stays (I09). */
export function tellRefund(
  intent: IntentRecord,
  refund: RefundRecord,
  type: RefundEventType,
  context: RefreshContext,
): Refreshed {
  const next: IntentRecord = { ...intent, sequence: intent.sequence + 1 };
  const subject = { bookId: next.bookId, intentId: next.intentId, sequence: next.sequence };
  const move = { from: intent.status, to: intent.status };
  return { intent: next, events: [draftOf(subject, type, move, toRefundView(refund, context), context)] };
}

/** The event for money that fits no intent, or that left and fits no refund. */
export function tellUnmatched(
  transfer: TransferRecord,
  kind: 'unmatched' | 'unmatched_outflow',
  context: RefreshContext,
): EventDraft {
  const asset = assetOf(context.catalog, transfer.assetId);
  const data = {
    id: encodeId('transfer', transfer.transferId),
    network: transfer.network,
    txHash: transfer.txHash,
    blockNumber: transfer.blockNumber.toString(),
    from: context.formatAddress(transfer.network, transfer.from),
    to: context.formatAddress(transfer.network, transfer.to),
    amount: formatDecimal(transfer.amountAtomic, asset.decimals),
    amountAtomic: transfer.amountAtomic.toString(),
    asset: asset.symbol,
  };
  return draftOf(
    { bookId: transfer.bookId, intentId: null, sequence: null },
    discrepancyEventType(kind),
    null,
    data,
    context,
  );
}

/** A reorg tells itself, not the `processing`, or without an attempt the `open`, that it leads back to. */
function typeOfMove(from: IntentStatus, to: IntentStatus): EventType {
  return from === 'confirmed' && (to === 'processing' || to === 'open')
    ? 'payment_intent.reorged'
    : statusEventType(to);
}

function eventOf(intent: IntentRecord, type: EventType, from: IntentStatus, context: RefreshContext): EventDraft {
  const subject = { bookId: intent.bookId, intentId: intent.intentId, sequence: intent.sequence };
  return draftOf(subject, type, { from, to: intent.status }, toPaymentIntentView(intent, context), context);
}

function draftOf(
  subject: { readonly bookId: number; readonly intentId: string | null; readonly sequence: number | null },
  type: EventType,
  move: { readonly from: IntentStatus; readonly to: IntentStatus } | null,
  data: object,
  context: RefreshContext,
): EventDraft {
  const eventId = uuidV7(context.nowMs, context.crypto.randomBytes(10));
  const { mode, nowMs } = context;
  return {
    ...subject,
    eventId,
    type,
    fromStatus: move?.from ?? null,
    toStatus: move?.to ?? null,
    causeId: context.causeId,
    evidence: context.evidence ?? null,
    body: eventBody({ eventId, type, mode, sequence: subject.sequence, data, nowMs }),
  };
}
