import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  encodeId,
  formatDecimal,
  noEndpointCaps,
  offerGraceSeconds,
  requestFingerprint,
  type TermsVersion,
} from '@tollbook/domain';
import {
  canSettle,
  type InvoiceTerms,
  offerOf,
  type PurchaseOutcome,
  type StoredIntentRecord,
  StoreUnavailable,
  showTransfer,
  takePayment,
} from '@tollbook/usecases';
import { decodePaymentHeaders, paymentHeadersOf } from '@tollbook/x402';
import type { ApiParts } from '../composition.js';
import { answerPurchase } from '../gate/answer-purchase.js';
import type { AnswerCode } from '../gate/answers.js';
import { corsHeaders } from '../gate/cors.js';
import { countOutcome, countShown } from '../gate/count-outcome.js';
import type { PreparedBook } from '../gate/gate-snapshot.js';
import { isSamePath } from '../gate/request-parts.js';
import { type OfferToWrite, paymentVary } from '../gate/write-answer.js';

type Parts = Pick<ApiParts, 'snapshot' | 'purchase' | 'writer' | 'unpaidLimit' | 'report' | 'config' | 'offerCounts'>;

/** A stored intent whose URL was called, with its terms and its book. */
export type PayableIntent = {
  readonly book: PreparedBook['book'];
  readonly intent: StoredIntentRecord;
  readonly terms: InvoiceTerms;
  readonly issuedAtUnixSeconds: number;
};

/** No row has this id: a stored intent names no price version, and perhaps no endpoint. */
export const noId = '00000000-0000-7000-8000-000000000000';
/** How long a person has to sign. */
const signSeconds = 300;
/** Nothing is called to make a receipt. */
const timeoutMs = 1_000;
const clientCharsMax = 120;

/**
 * A stored intent's own URL speaks x402: 402 with its terms until it is paid, then the receipt. Whatever is paid here
 * pays that intent or nothing (payment core, section 2).
 */
export async function payStoredIntent(
  parts: Parts,
  payable: PayableIntent,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { writer, report } = parts;
  const path = (request.url ?? '').split('?')[0] ?? '';
  const offer = offerOfIntent(parts, payable, path);
  const { invoiceId } = offer.offer;
  const decoded = decodePaymentHeaders(paymentHeadersOf(request.rawHeaders));
  // The URL names the invoice; a header that names it too says nothing new.
  const isAlone = decoded.kind === 'shown' && decoded.shown.txHash === null;
  if (decoded.kind === 'none' || decoded.kind === 'refused' || isAlone) {
    const ended = endOf(payable, parts.snapshot.nowMs());
    if (ended === 'paid') return writeReceipt(response, payable, invoiceId);
    if (ended !== null) return writer.refuse(response, ended, { invoiceId, detail: toWhoSentNone[ended] });
    // A payment that nobody could carry out is not invited.
    if (!canSettle(parts.purchase, payable.book.bookId, payable.intent.network)) {
      return writer.refuse(response, 'settlement_unavailable', { invoiceId });
    }
    if (decoded.kind !== 'refused') return writer.refuse(response, 'payment_required', { offer });
    return writer.refuse(response, decoded.reason, { offer, detail: decoded.detail });
  }
  const closing = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) closing.abort();
  });
  try {
    const outcome = await takeOrShow(parts, payable, offer, decoded, request, path, closing.signal);
    const x402Version = decoded.kind === 'payment' ? decoded.payment.x402Version : 2;
    await answerPurchase(parts, response, outcome, () => offer, x402Version, []);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) report(error);
    if (response.headersSent) response.destroy();
    else writer.refuse(response, error instanceof StoreUnavailable ? 'store_unavailable' : 'internal');
  }
}

/** Whoever asks without a payment has no payload to send again. */
const toWhoSentNone: Partial<Record<AnswerCode, string>> = {
  payment_in_progress:
    'This invoice is being paid. Pay nothing new; the receipt is here once the payment is confirmed.',
  payment_outcome_unknown:
    'A payment of this invoice may have gone through. Pay nothing new; the receipt is here once the network has told.',
};

/** What there is to say to somebody who brings no payment, where it is not an offer. */
function endOf({ intent, terms }: PayableIntent, nowMs: number): AnswerCode | 'paid' | null {
  switch (intent.status) {
    case 'confirmed':
    case 'final':
      return 'paid';
    case 'processing':
      return 'payment_in_progress';
    case 'unknown':
      return 'payment_outcome_unknown';
    case 'canceled':
      return 'invoice_canceled';
    case 'expired':
      return 'offer_expired';
    case 'open':
    case 'failed':
      return nowMs / 1000 > terms.expiresAtUnixSeconds + offerGraceSeconds ? 'offer_expired' : null;
  }
}

function offerOfIntent(parts: Parts, payable: PayableIntent, path: string): OfferToWrite {
  const { book, intent, terms, issuedAtUnixSeconds } = payable;
  const version: TermsVersion = {
    number: 0n,
    bookId: book.bookId,
    mode: book.mode,
    endpointId: intent.endpointId ?? noId,
    priceVersionId: noId,
    settleMode: 'after',
    offerTtlSeconds: terms.expiresAtUnixSeconds - issuedAtUnixSeconds,
    maxTimeoutSeconds: signSeconds,
    pricedQuery: [],
    pricesBody: false,
    networks: terms.networks,
    inForceFromUnixSeconds: issuedAtUnixSeconds,
    supersededAtUnixSeconds: null,
    revokedAtUnixSeconds: null,
  };
  const offer = offerOf(intent.invoiceId, version, issuedAtUnixSeconds, parts.purchase.crypto);
  const endpoint = {
    endpointId: version.endpointId,
    method: 'GET',
    path,
    upstreamUrl: '',
    timeoutMs,
    isEnabled: true,
    requiresIdentifier: false,
    caps: noEndpointCaps,
    limits: { paid: null, unpaid: null },
    description: intent.description ?? intent.orderId ?? 'Payment',
    terms: [version],
  };
  return {
    prepared: parts.snapshot.prepareEndpoint(book, endpoint, false),
    offer,
    resourceUrl: parts.config.publicUrl + path,
  };
}

/** A signed payment is taken; a transaction is looked at, as one that paid this invoice. */
async function takeOrShow(
  parts: Parts,
  payable: PayableIntent,
  { prepared, offer }: OfferToWrite,
  decoded: Exclude<ReturnType<typeof decodePaymentHeaders>, { kind: 'none' | 'refused' }>,
  request: IncomingMessage,
  path: string,
  signal: AbortSignal,
): Promise<PurchaseOutcome> {
  const { purchase, unpaidLimit } = parts;
  const { endpoint } = prepared;
  const bodySha256 = createHash('sha256').digest();
  const named = { endpointId: endpoint.endpointId, method: 'GET', path, pricedQuery: [], bodySha256: null };
  const body = new TextEncoder().encode(JSON.stringify(receiptOf(payable, offer.invoiceId)));
  const asked = {
    book: payable.book,
    endpoint,
    method: 'GET',
    resourceTag: new Uint8Array(),
    requestFingerprint: requestFingerprint(
      named,
      { rawQuery: '', contentType: '', bodySha256 },
      purchase.crypto.sha256,
    ),
    clientNet: unpaidLimit.netOf(request).hash,
    client: request.headers['user-agent']?.slice(0, clientCharsMax) ?? null,
    callUpstream: () =>
      Promise.resolve({
        kind: 'answered' as const,
        answer: { httpStatus: 200, headers: [['content-type', 'application/json'] as const], body },
      }),
    signal,
  };
  const userAgent = request.headers['user-agent'];
  const place = { book: { book: payable.book }, prepared };
  if (decoded.kind === 'shown') {
    const { invoiceId, txHash, proof } = decoded.shown;
    if (invoiceId !== null && invoiceId !== offer.invoiceId) {
      return { kind: 'refused', code: 'invoice_unknown' };
    }
    const shown = { ...asked, invoiceId: offer.invoiceId, txHash, proof, stored: { offer } };
    const outcome = await showTransfer(purchase, shown);
    countShown(parts.offerCounts, place, shown, userAgent, outcome);
    return outcome;
  }
  const { payment: presented, payload } = decoded;
  const { resourceUrl } = presented;
  const isResourceUrlEqual = resourceUrl === null ? null : isSamePath(resourceUrl, path);
  const { source, endpointId, expiresAtMs } = payable.intent;
  const stored = { offer, intent: { source, endpointId, expiresAtMs } };
  const taken = { ...asked, presented, payload, resourcePath: path, isResourceUrlEqual, stored };
  const outcome = await takePayment(purchase, taken);
  countOutcome(parts, place, taken, userAgent, outcome);
  return outcome;
}

/** What whoever pays gets: that this invoice is paid. */
function receiptOf({ intent, terms }: PayableIntent, invoiceId: string) {
  const [entry] = terms.networks;
  return {
    invoiceId,
    paymentId: encodeId('intent', intent.intentId),
    status: 'paid',
    amount: entry ? formatDecimal(intent.amountAtomic, entry.asset.decimals) : null,
    amountAtomic: intent.amountAtomic.toString(),
    asset: entry?.asset.symbol ?? null,
    network: intent.network,
    orderId: intent.orderId,
  };
}

function writeReceipt(response: ServerResponse, payable: PayableIntent, invoiceId: string): void {
  const headers = ['content-type', 'application/json', 'cache-control', 'private, no-store'];
  const cors = response.req.headers.origin === undefined ? [] : corsHeaders;
  response.writeHead(200, [...headers, 'vary', paymentVary.join(', '), ...cors]);
  response.end(JSON.stringify(receiptOf(payable, invoiceId)));
}
