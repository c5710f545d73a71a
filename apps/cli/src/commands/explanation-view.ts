import { lateMoneySteps, nextStep } from '@tollbook/contract';
import { encodeId, formatDecimal, fromComparedRecord, type Mode, offerGraceSeconds } from '@tollbook/domain';
import {
  type AttemptRecord,
  assetOf,
  type Explanation,
  type ListedTransfer,
  lateMoney,
  type OfferReading,
  type PaymentDetail,
  type RefusalRecord,
  toPaymentIntentView,
  type ViewContext,
} from '@tollbook/usecases';

/** The same for people and for scripts: plain values, named as the merchant API names them. */
export type ExplanationView = ReturnType<typeof toExplanationView>;

export function toExplanationView(
  { offer, payments, transfers, refusals, isCut }: Explanation,
  book: { readonly gateSlug: string; readonly mode: Mode },
  context: ViewContext,
) {
  return {
    book: book.gateSlug,
    mode: book.mode,
    offer: offer && toOffer(offer),
    payments: payments.map((payment) => toPayment(payment, context)),
    transfers: transfers.map((transfer) => toTransfer(transfer, context)),
    refusals: refusals.map((refusal) => toRefusal(refusal, context)),
    isCut,
    nextStep: stepOf({ offer, payments, refusals, transfers }),
  };
}

function toOffer({ invoiceId, state, terms, issuedAtUnixSeconds, endpoint, price, intentId, payment }: OfferReading) {
  return {
    invoiceId,
    state,
    endpoint: endpoint && `${endpoint.method} ${endpoint.path}`,
    priceVersion: price?.versionNo ?? null,
    accepts: terms.networks.map(({ network, asset, payToText, amountAtomic }) => ({
      network,
      amount: formatDecimal(amountAtomic, asset.decimals),
      amountAtomic: amountAtomic.toString(),
      asset: asset.symbol,
      payTo: payToText,
    })),
    issuedAt: iso(issuedAtUnixSeconds * 1000),
    expiresAt: iso(terms.expiresAtUnixSeconds * 1000),
    honoredUntil: iso((terms.expiresAtUnixSeconds + offerGraceSeconds) * 1000),
    paymentId: payment ? encodeId('intent', intentId) : null,
  };
}

function toPayment(detail: PaymentDetail, context: ViewContext) {
  const { intent, attempts, transfers, discrepancies } = detail;
  return {
    ...toPaymentIntentView(intent, context),
    attempts: attempts.map((attempt) => toAttempt(attempt, detail, context)),
    transfers: transfers.map((transfer) => toTransfer(transfer, context)),
    openDiscrepancies: discrepancies.filter(({ closedAtMs }) => closedAtMs === null).map(({ kind }) => kind),
  };
}

function toAttempt(attempt: AttemptRecord, detail: PaymentDetail, { formatAddress }: ViewContext) {
  const { network, payer, status, reason, rawReason, x402Version, client, txHash, evidence } = attempt;
  return {
    id: encodeId('attempt', attempt.attemptId),
    status,
    reason,
    rawReason,
    nextStep: stepOfAttempt(attempt, detail),
    payer: formatAddress(network, payer),
    x402Version,
    userAgent: client,
    txHash,
    createdAt: iso(attempt.createdAtMs),
    sentAt: isoOrNull(attempt.sentAtMs),
    servedAt: isoOrNull(attempt.servedAtMs),
    comparison: fromComparedRecord(evidence?.compared),
  };
}

function toTransfer(
  transfer: PaymentDetail['transfers'][number] | ListedTransfer,
  { catalog, formatAddress }: ViewContext,
) {
  const { network, txHash, from, to, amountAtomic, blockNumber, blockTimeUnixSeconds, stage } = transfer;
  const asset = assetOf(catalog, transfer.assetId);
  return {
    id: encodeId('transfer', transfer.transferId),
    network,
    txHash,
    from: formatAddress(network, from),
    to: formatAddress(network, to),
    amount: formatDecimal(amountAtomic, asset.decimals),
    asset: asset.symbol,
    blockNumber: Number(blockNumber),
    blockTime: iso(blockTimeUnixSeconds * 1000),
    stage,
    buckets: 'allocations' in transfer ? transfer.allocations.map(({ bucket }) => bucket) : [],
  };
}

function toRefusal(refusal: RefusalRecord, { formatAddress }: ViewContext) {
  const { refusalId, atMs, reason, payer, intentId, x402Version, client, agent, detail, compared } = refusal;
  return {
    id: encodeId('refusal', refusalId),
    at: iso(atMs),
    reason,
    nextStep: nextStep(reason),
    payer: payer === null ? null : formatAddress('', payer),
    paymentId: intentId === null ? null : encodeId('intent', intentId),
    x402Version: x402Version === 0 ? null : x402Version,
    clientFamily: client,
    userAgent: agent,
    detail,
    comparison: compared,
  };
}

/** The one thing to do next, told by what happened last. */
function stepOf({ offer, payments, refusals, transfers }: Omit<Explanation, 'isCut'>): string {
  const [newest] = payments;
  const [refusal] = refusals;
  if (newest) return stepOfPayment(newest, refusal);
  if (refusal) return nextStep(refusal.reason);
  if (transfers.length > 0) return 'No payment was found for this money: link it to one, or close it, under Unmatched.';
  switch (offer?.state) {
    case 'open':
      return 'Nobody has tried to pay it yet; it can be paid now.';
    case 'expired':
      return 'Nobody paid it in time: the buyer asks for a new offer.';
    case 'withdrawn':
      return 'It holds no more: the buyer asks for a new offer.';
    default:
      return 'Nothing to do.';
  }
}

function stepOfPayment(payment: PaymentDetail, refusal: RefusalRecord | undefined): string {
  const { intent, discrepancies } = payment;
  const [open] = discrepancies.filter(({ closedAtMs }) => closedAtMs === null);
  switch (intent.status) {
    case 'unknown':
      return 'Wait: only the chain can tell. The buyer sends the same payment again and signs nothing new.';
    case 'processing':
      return 'Wait for the chain; nothing to do.';
    case 'confirmed':
    case 'final':
      return open
        ? `It is paid, and "${open.kind.replaceAll('_', ' ')}" is open about it: see it in the dashboard.`
        : 'It is paid; nothing to do.';
    default:
      return stepOfLate(payment) ?? stepOfUnpaid(payment, refusal);
  }
}

function stepOfAttempt(attempt: AttemptRecord, detail: PaymentDetail): string | null {
  const late = lateMoney(attempt, detail);
  if (late !== 'none') return lateMoneySteps[late];
  return attempt.status === 'failed' && attempt.reason !== null ? nextStep(attempt.reason) : null;
}

function stepOfLate(payment: PaymentDetail): string | null {
  const found = payment.attempts.map((attempt) => lateMoney(attempt, payment));
  if (found.includes('open')) return lateMoneySteps.open;
  return found.includes('closed') ? lateMoneySteps.closed : null;
}

function stepOfUnpaid({ intent, attempts }: PaymentDetail, refusal: RefusalRecord | undefined): string {
  switch (intent.status) {
    case 'canceled':
      return 'You canceled it; make a new one if it shall be paid.';
    default: {
      const reason = intent.failureReason ?? attempts.findLast(({ status }) => status === 'failed')?.reason;
      if (reason) return nextStep(reason);
      if (refusal) return nextStep(refusal.reason);
      return intent.status === 'expired' ? 'The buyer asks for a new offer.' : 'It can be paid; nobody has tried yet.';
    }
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
