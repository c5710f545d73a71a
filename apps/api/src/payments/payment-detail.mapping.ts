import {
  type PaymentDetail as ApiPaymentDetail,
  lateMoneySteps,
  nextStep,
  type PaymentIntent,
} from '@tollbook/contract';
import { encodeId, formatDecimal, fromComparedRecord, refundableAtomic } from '@tollbook/domain';
import {
  type AttemptRecord,
  assetOf,
  type DeliveryRecord,
  type IntentRecord,
  lateMoney,
  type PaymentDetail,
  toPaymentIntentView,
  toRefundView,
  type ViewContext,
} from '@tollbook/usecases';
import { clientFamily } from '../gate/client-family.js';
import { toApiDelivery } from '../webhooks/delivery.mapping.js';

/** An intent as `/v1` shows it. */
export function toApiPayment(intent: IntentRecord, context: ViewContext): PaymentIntent {
  return toPaymentIntentView(intent, context);
}

/** A payment with everything that happened around it. */
export function toApiPaymentDetail(detail: PaymentDetail, context: ViewContext): ApiPaymentDetail {
  const { catalog, formatAddress } = context;
  const asset = assetOf(catalog, detail.intent.assetId);
  const left = refundableAtomic({ allocations: detail.intent.allocations, refunds: detail.refunds });
  return {
    ...toApiPayment(detail.intent, context),
    timeline: timelineOf(detail),
    attempts: detail.attempts.map((attempt) => ({
      id: encodeId('attempt', attempt.attemptId),
      status: attempt.status,
      reason: attempt.reason,
      rawReason: attempt.rawReason,
      comparison: fromComparedRecord(attempt.evidence?.compared).map((line) => ({ ...line })),
      nextStep: stepOf(attempt, detail),
      facilitatorId: attempt.facilitatorId === null ? null : encodeId('facilitator', attempt.facilitatorId),
      payer: formatAddress(attempt.network, attempt.payer),
      nonce: attempt.nonce,
      x402Version: attempt.x402Version,
      clientFamily: clientFamily(attempt.client ?? undefined),
      txHash: attempt.txHash,
      createdAt: iso(attempt.createdAtMs),
      sentAt: isoOrNull(attempt.sentAtMs),
      servedAt: isoOrNull(attempt.servedAtMs),
    })),
    transfers: detail.transfers.map((transfer) => ({
      id: encodeId('transfer', transfer.transferId),
      network: transfer.network,
      txHash: transfer.txHash,
      blockNumber: Number(transfer.blockNumber),
      blockHash: transfer.blockHash,
      blockTime: iso(transfer.blockTimeUnixSeconds * 1000),
      from: formatAddress(transfer.network, transfer.from),
      to: formatAddress(transfer.network, transfer.to),
      amount: formatDecimal(transfer.amountAtomic, asset.decimals),
      amountAtomic: transfer.amountAtomic.toString(),
      stage: transfer.stage,
    })),
    ledgerEntries: detail.ledgerEntries.map((entry) => ({
      entrySeq: Number(entry.entrySeq),
      kind: entry.kind,
      localDay: entry.localDay,
      blockNumber: entry.blockNumber === null ? null : Number(entry.blockNumber),
      postings: entry.postings.map((posting) => {
        const posted = assetOf(catalog, posting.assetId);
        return {
          debit: shownCode(posting.debitCode),
          credit: shownCode(posting.creditCode),
          amount: formatDecimal(posting.amountAtomic, posted.decimals),
          amountAtomic: posting.amountAtomic.toString(),
          asset: posted.symbol,
        };
      }),
    })),
    refunds: detail.refunds.map((refund) => toRefundView(refund, context)),
    refundable: formatDecimal(left > 0n ? left : 0n, asset.decimals),
    deliveries: detail.deliveries.map(toApiDelivery),
  };
}

function stepOf(attempt: AttemptRecord, detail: PaymentDetail): string | null {
  const late = lateMoney(attempt, detail);
  if (late !== 'none') return lateMoneySteps[late];
  return attempt.status === 'failed' && attempt.reason !== null ? nextStep(attempt.reason) : null;
}

/** An account's code with the endpoint's id as everybody else spells it: `income:ep_…`. */
function shownCode(code: string): string {
  const [, type, uuid] = /^(pending|income):(\S{36})$/.exec(code) ?? [];
  return uuid === undefined ? code : `${type}:${encodeId('endpoint', uuid)}`;
}

type TimelineItem = ApiPaymentDetail['timeline'][number];

/** The offer, the steps of every attempt, the transfers and the events, by time. */
function timelineOf(detail: PaymentDetail): TimelineItem[] {
  const { intent, attempts, transfers, events, deliveries } = detail;
  const items: TimelineItem[] = [
    { at: iso(intent.createdAtMs), type: 'offer.issued', title: 'Offer issued' },
    ...attempts.flatMap(attemptSteps),
    ...transfers.map((transfer) => ({
      at: iso(transfer.blockTimeUnixSeconds * 1000),
      type: 'transfer.mined',
      title: `Transfer in block ${transfer.blockNumber}`,
      evidence: { txHash: transfer.txHash, blockHash: transfer.blockHash, stage: transfer.stage },
    })),
    ...events.map((event) => ({
      at: iso(event.createdAtMs),
      type: event.type,
      title: titleOf(event.type),
      ...(event.toStatus === null || event.toStatus === event.fromStatus ? {} : { status: event.toStatus }),
      ...(event.evidence === null ? {} : { evidence: { ...event.evidence } }),
    })),
    ...deliveries.flatMap(deliveryStep),
  ];
  return items.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : placeOf(a) > placeOf(b) ? 1 : 0));
}

/** A block's time is a whole second, so what happened within that second came before it. */
function placeOf({ at, type }: TimelineItem): string {
  return type === 'transfer.mined' ? at.replace('.000Z', '.999Z') : at;
}

function attemptSteps(attempt: AttemptRecord): TimelineItem[] {
  const evidence = { attemptId: encodeId('attempt', attempt.attemptId) };
  const step = (ms: number | null, type: string, title: string): TimelineItem[] =>
    ms === null ? [] : [{ at: iso(ms), type, title, evidence }];
  return [
    ...step(attempt.createdAtMs, 'attempt.claimed', 'Payment claimed'),
    ...step(attempt.sentAtMs, 'attempt.sent', 'Settlement sent'),
    ...step(attempt.submittedAtMs, 'attempt.submitted', 'Settlement taken by the network'),
    ...step(attempt.servedAtMs, 'attempt.served', 'Answer served'),
    ...step(attempt.releasedAtMs, 'attempt.released', `Released: ${attempt.reason ?? 'not charged'}`),
  ];
}

/** How the telling of an event ended. What is still being tried is no step yet. */
function deliveryStep({ deliveryId, eventType, status, doneAtMs }: DeliveryRecord): TimelineItem[] {
  if (doneAtMs === null || status === 'pending') return [];
  const titles = { delivered: 'Webhook delivered', exhausted: 'Webhook given up', dropped: 'Webhook dropped' };
  const evidence = { deliveryId: encodeId('delivery', deliveryId), eventType };
  return [{ at: iso(doneAtMs), type: `delivery.${status}`, title: titles[status], evidence }];
}

function titleOf(type: string): string {
  const [about, name = type] = type.split('.');
  const words = `${about === 'refund' ? 'refund ' : ''}${name.replaceAll('_', ' ')}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
