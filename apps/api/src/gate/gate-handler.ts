import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isCanonicalPath, type RateVerdict, requestFingerprint, type TermsVersion } from '@tollbook/domain';
import type { OutboundClient } from '@tollbook/outbound';
import {
  canSettle,
  issueOffer,
  type Purchase,
  type PurchaseDeps,
  type PurchaseOutcome,
  StoreUnavailable,
  takePayment,
  type UpstreamAnswer,
} from '@tollbook/usecases';
import { decodePaymentHeaders, paymentHeadersOf } from '@tollbook/x402';
import { openApiOfShop } from '../discovery/open-api-of-shop.js';
import { type AnswerCode, answerOf } from './answers.js';
import { upstreamCall } from './call-upstream.js';
import { answerPreflight } from './cors.js';
import { countOutcome, countUnreadable } from './count-outcome.js';
import { currentTerms, type GateSnapshot, type PreparedBook, type PreparedEndpoint, tagOf } from './gate-snapshot.js';
import type { HeldBytes, Hold } from './held-bytes.js';
import type { UnpaidLimit } from './limit-unpaid.js';
import type { OfferCounts } from './offer-counts.js';
import { rateHeaders } from './rate-headers.js';
import { readBody } from './read-body.js';
import { isSamePath, queryPairs, type RequestParts, requestParts } from './request-parts.js';
import type { AnswerExtras, AnswerWriter, OfferToWrite } from './write-answer.js';

export type GateDeps = {
  readonly purchase: PurchaseDeps;
  readonly snapshot: GateSnapshot;
  readonly outbound: OutboundClient;
  readonly writer: AnswerWriter;
  readonly publicUrl: string;
  readonly unpaidLimit: UnpaidLimit;
  readonly report: (error: unknown) => void;
  readonly count: (code: string) => void;
  readonly held: HeldBytes;
  /** What leaves no row of its own is counted here. */
  readonly offerCounts: OfferCounts;
};

type Found = {
  readonly parts: RequestParts;
  readonly book: PreparedBook;
  readonly prepared: PreparedEndpoint;
  readonly terms: TermsVersion;
  readonly tag: Uint8Array;
};

/**
 * One request to a priced endpoint. Unpaid ones are answered from memory, at once: no statement, no promise, nothing
 * kept. Paid ones go through `takePayment`, which holds every rule; here is only HTTP.
 */
export function handleGate(deps: GateDeps, request: IncomingMessage, response: ServerResponse): Promise<void> | null {
  if (request.method === 'OPTIONS') {
    answerPreflight(response);
    return null;
  }
  const readiness = deps.snapshot.readiness();
  if (readiness !== 'ready') return refuse(deps, response, readiness);
  if (request.headers.upgrade !== undefined) return refuse(deps, response, 'upgrade_not_supported');
  const found = find(deps, request);
  if ('code' in found) {
    if (found.code === 'endpoint_unknown' && describeShop(deps, request, response)) return null;
    return refuse(deps, response, found.code, found.extras);
  }
  const decoded = decodePaymentHeaders(paymentHeadersOf(request.rawHeaders));
  if (decoded.kind === 'payment') return handlePaid(deps, request, response, found, decoded);
  if (found.prepared.isUnpaidLimited) return handleLimited(deps, request, response, found, decoded);
  return refuseUnpaid(deps, request, response, found, decoded);
}

type Decoded = ReturnType<typeof decodePaymentHeaders>;
type DecodedPayment = Extract<Decoded, { kind: 'payment' }>;
type Unpaid = Exclude<Decoded, DecodedPayment>;

function refuseUnpaid(
  deps: GateDeps,
  request: IncomingMessage,
  response: ServerResponse,
  found: Found,
  decoded: Unpaid,
  headers?: readonly string[],
): null {
  // A payment that nobody could carry out is not invited.
  if (!isPayable(deps, found)) return refuse(deps, response, 'settlement_unavailable', { headers });
  const offer = freshOffer(deps, found);
  const userAgent = request.headers['user-agent'];
  if (decoded.kind === 'none') {
    deps.offerCounts.offered(found, userAgent);
    deps.count('payment_required');
    deps.writer.offer(response, offer, headers);
    return null;
  }
  countUnreadable(deps.offerCounts, found, decoded, userAgent);
  return refuse(deps, response, decoded.reason, { offer, headers, detail: decoded.detail });
}

/** A payment that cannot be read asks for an offer too, so it is counted like none. */
async function handleLimited(
  deps: GateDeps,
  request: IncomingMessage,
  response: ServerResponse,
  found: Found,
  decoded: Unpaid,
): Promise<void> {
  const { isAllowed, headers } = await countUnpaid(deps, request, found);
  if (isAllowed) refuseUnpaid(deps, request, response, found, decoded, headers);
  else refuse(deps, response, 'rate_limited', { headers });
}

function countUnpaid(deps: GateDeps, request: IncomingMessage, { book, prepared }: Found) {
  return deps.unpaidLimit.count(book.book, prepared.endpoint, request);
}

async function handlePaid(
  deps: GateDeps,
  request: IncomingMessage,
  response: ServerResponse,
  found: Found,
  decoded: DecodedPayment,
): Promise<void> {
  // Before anything is claimed: what is taken in now must also find room for its answer.
  if (!deps.held.hasRoomFor(Number(request.headers['content-length'] ?? 0))) {
    refuse(deps, response, 'gate_busy', { headers: ['connection', 'close'] });
    return;
  }
  const hold = deps.held.open();
  try {
    await handleHeld(deps, request, response, found, decoded, hold);
  } finally {
    hold.release();
  }
}

async function handleHeld(
  deps: GateDeps,
  request: IncomingMessage,
  response: ServerResponse,
  found: Found,
  decoded: DecodedPayment,
  hold: Hold,
): Promise<void> {
  const body = await readBody(request, hold);
  if (body === null) {
    refuse(deps, response, 'request_too_large', { headers: ['connection', 'close'] });
    return;
  }
  const closing = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) closing.abort();
  });
  try {
    const counted: { verdict?: RateVerdict } = {};
    const onCounted = (verdict: RateVerdict) => {
      counted.verdict = verdict;
    };
    const purchase = { ...purchaseOf(deps, request, found, decoded, { body, hold }, closing.signal), onCounted };
    const outcome = await takePayment(deps.purchase, purchase);
    countOutcome(deps, found, purchase, request.headers['user-agent'], outcome);
    // A refusal that brings a fresh offer along is an offer: junk must not be the way round the limit.
    if (outcome.kind === 'refused' && found.prepared.isUnpaidLimited && answerOf(outcome.code).isRepayable) {
      const { isAllowed, headers } = await countUnpaid(deps, request, found);
      if (!isAllowed) {
        refuse(deps, response, 'rate_limited', { headers });
        return;
      }
    }
    deps.count(codeOf(outcome));
    const headers = counted.verdict ? rateHeaders('paid', counted.verdict) : [];
    await answerPurchase(deps, response, outcome, () => freshOffer(deps, found), decoded.payment.x402Version, headers);
  } catch (error) {
    if (error instanceof StoreUnavailable) {
      refuse(deps, response, 'store_unavailable');
      return;
    }
    deps.report(error);
    if (response.headersSent) response.destroy();
    else refuse(deps, response, 'internal');
  }
}

function codeOf(outcome: PurchaseOutcome): string {
  if (outcome.kind === 'limited') return 'rate_limited';
  return outcome.kind === 'refused' || outcome.kind === 'unknown' ? outcome.code : outcome.kind;
}

/** Answers and counts a refusal; null, so that a caller can end with it. */
function refuse(deps: GateDeps, response: ServerResponse, code: AnswerCode, extras: AnswerExtras = {}): null {
  deps.count(code);
  deps.writer.refuse(response, code, extras);
  return null;
}

/** Where a merchant sells nothing at this path, it is where what it sells is described. */
const shopPath = '/openapi.json';

function describeShop(deps: GateDeps, request: IncomingMessage, response: ServerResponse): boolean {
  const parts = requestParts(request.url ?? '');
  const book = parts?.path === shopPath && (request.method === 'GET' || request.method === 'HEAD');
  const shop = book ? deps.snapshot.bookOf(parts.slug)?.book : undefined;
  if (!shop) return false;
  const nowUnixSeconds = Math.floor(deps.snapshot.nowMs() / 1000);
  deps.writer.describe(response, openApiOfShop(shop, nowUnixSeconds, deps.publicUrl));
  return true;
}

type NotFound = { readonly code: AnswerCode; readonly extras?: AnswerExtras };

const unknown: NotFound = { code: 'endpoint_unknown' };

/** A target that names no book: unknown, but for one that is only another spelling of something. */
function nowhere(target: string): NotFound {
  const queryAt = target.indexOf('?');
  return isCanonicalPath(queryAt === -1 ? target : target.slice(0, queryAt)) ? unknown : { code: 'path_not_canonical' };
}

function find(deps: GateDeps, request: IncomingMessage): Found | NotFound {
  const parts = requestParts(request.url ?? '');
  const book = parts && deps.snapshot.bookOf(parts.slug);
  if (!book) return nowhere(request.url ?? '');
  const method = request.method ?? 'GET';
  const lookup = book.find(method, parts.path);
  if (lookup.kind === 'refused') {
    if (lookup.code !== 'method_not_allowed') return { code: lookup.code };
    return { code: lookup.code, extras: { headers: ['allow', lookup.allowed.join(', ')] } };
  }
  const { prepared } = lookup;
  const terms = currentTerms(prepared.endpoint, Math.floor(deps.snapshot.nowMs() / 1000));
  if (!terms) return unknown;
  const { path, rawQuery } = parts;
  const tag = tagOf(deps.purchase.crypto, prepared.endpoint, terms, { method, path, rawQuery });
  if (tag.kind === 'ambiguous') return { code: 'parameter_ambiguous' };
  return { parts, book, prepared, terms, tag: tag.tag };
}

function isPayable({ purchase }: GateDeps, { book, terms }: Found): boolean {
  return terms.networks.some(({ network }) => canSettle(purchase.facilitators, book.book.bookId, network));
}

function freshOffer(deps: GateDeps, found: Found): OfferToWrite {
  const { prepared, terms, tag, parts } = found;
  const now = Math.floor(deps.snapshot.nowMs() / 1000);
  const offer = issueOffer(terms, tag, now, deps.snapshot.currentSealKey(), deps.purchase.crypto);
  return { prepared, offer, resourceUrl: deps.publicUrl + parts.fullPath };
}

function purchaseOf(
  deps: GateDeps,
  request: IncomingMessage,
  found: Found,
  decoded: DecodedPayment,
  { body, hold }: { readonly body: Uint8Array; readonly hold: Hold },
  signal: AbortSignal,
): Purchase {
  const { parts, prepared, tag, terms } = found;
  const { endpoint } = prepared;
  const method = request.method ?? 'GET';
  const priced = queryPairs(parts.rawQuery).filter(([name]) => terms.pricedQuery.includes(name));
  const named = { endpointId: endpoint.endpointId, method, path: parts.path, pricedQuery: priced, bodySha256: null };
  const rest = {
    rawQuery: parts.rawQuery,
    contentType: request.headers['content-type'] ?? '',
    bodySha256: createHash('sha256').update(body).digest(),
  };
  const { resourceUrl } = decoded.payment;
  const { path, rawQuery } = parts;
  const upstreamRequest = { method, path, rawQuery, rawHeaders: request.rawHeaders, body, hold };
  return {
    book: found.book.book,
    endpoint,
    presented: decoded.payment,
    payload: decoded.payload,
    method,
    resourceTag: tag,
    requestFingerprint: requestFingerprint(named, rest, deps.purchase.crypto.sha256),
    isResourceUrlEqual: resourceUrl === null ? null : isSamePath(resourceUrl, parts.fullPath),
    clientNet: deps.unpaidLimit.netOf(request).hash,
    client: request.headers['user-agent']?.slice(0, clientCharsMax) ?? null,
    callUpstream: upstreamCall(deps.outbound, endpoint, upstreamRequest),
    signal,
  };
}

const clientCharsMax = 120;

/** Writes what became of a payment. */
export async function answerPurchase(
  deps: Pick<GateDeps, 'writer' | 'report'>,
  response: ServerResponse,
  outcome: PurchaseOutcome,
  offer: () => OfferToWrite,
  x402Version: 1 | 2,
  rateHeadersOfPayer: readonly string[],
): Promise<void> {
  const { writer } = deps;
  switch (outcome.kind) {
    case 'limited':
      return writer.refuse(response, 'rate_limited', { headers: rateHeaders('paid', outcome.verdict) });
    case 'refused': {
      const { code, expected, received, invoiceId } = outcome;
      const detail = expected === undefined ? undefined : `Expected ${expected}, received ${received}.`;
      return writer.refuse(response, code, { detail, offer: offer(), invoiceId });
    }
    case 'served': {
      const isComplete = await writer.serve(response, outcome, x402Version, rateHeadersOfPayer);
      // What this commit would tell is told by the chain too, so its failure changes nothing for the buyer.
      return outcome.afterAnswer(isComplete).catch(deps.report);
    }
    case 'not_charged':
      return notCharged(writer, response, outcome);
    case 'paid_not_served':
      return paidNotServed(writer, response, outcome, x402Version);
    case 'unknown': {
      const { code, receipt, invoiceId } = outcome;
      return writer.refuse(response, code, { receipt, x402Version, invoiceId });
    }
    case 'failed': {
      const { receipt, reason } = outcome;
      return writer.refuse(response, 'settlement_failed', {
        receipt,
        x402Version,
        offer: offer(),
        detail: proved(reason),
      });
    }
    case 'result_gone': {
      const { receipt, invoiceId } = outcome;
      return writer.refuse(response, 'result_gone', { receipt, x402Version, invoiceId });
    }
  }
}

function proved(reason: string): string {
  return `The network proved that no money moved (${reason}).`;
}

/** A small refusal of the upstream's own is its to give; anything else is hidden behind ours. */
async function notCharged(
  writer: AnswerWriter,
  response: ServerResponse,
  outcome: Extract<PurchaseOutcome, { kind: 'not_charged' }>,
): Promise<void> {
  const { answer, reason, invoiceId } = outcome;
  if (answer && isOwnRefusal(answer)) {
    await writer.passRefusal(response, answer, invoiceId);
    return;
  }
  writer.refuse(response, reason, { invoiceId, headers: ['tollbook-charged', 'no'] });
}

/** The same of a payment that stands: its receipt goes along, and no new payment is invited. */
async function paidNotServed(
  writer: AnswerWriter,
  response: ServerResponse,
  outcome: Extract<PurchaseOutcome, { kind: 'paid_not_served' }>,
  x402Version: 1 | 2,
): Promise<void> {
  const { answer, reason, receipt, invoiceId } = outcome;
  if (answer && isOwnRefusal(answer)) {
    await writer.passRefusal(response, answer, invoiceId, { receipt, x402Version });
    return;
  }
  const status = reason === 'upstream_timeout' ? 504 : undefined;
  const headers = ['tollbook-charged', 'yes'];
  writer.refuse(response, 'paid_not_served', { receipt, x402Version, invoiceId, status, headers });
}

function isOwnRefusal({ httpStatus, body }: UpstreamAnswer): boolean {
  return httpStatus >= 400 && httpStatus < 500 && httpStatus !== 402 && body.length <= passedBodyBytesMax;
}

const passedBodyBytesMax = 16 * 1024;
