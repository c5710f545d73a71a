import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { assert, isCanonicalPath, type RateVerdict, requestBytesOf, requestFingerprint } from '@tollbook/domain';
import type { OutboundClient } from '@tollbook/outbound';
import {
  type Purchase,
  type PurchaseDeps,
  type PurchaseOutcome,
  StoreUnavailable,
  showTransfer,
  takePayment,
} from '@tollbook/usecases';
import { decodePaymentHeaders, paymentHeadersOf } from '@tollbook/x402';
import { momentOf } from '../discovery/moment.js';
import { openApiOfShop } from '../discovery/open-api-of-shop.js';
import { answerPurchase } from './answer-purchase.js';
import { type AnswerCode, answerOf } from './answers.js';
import { upstreamCall } from './call-upstream.js';
import { answerPreflight } from './cors.js';
import { countOutcome, countShown, countUnreadable } from './count-outcome.js';
import { drainRest, hasBody } from './drain-rest.js';
import type { Found } from './found.js';
import { freshOffer } from './fresh-offer.js';
import { currentTerms, type GateSnapshot, tagOf } from './gate-snapshot.js';
import type { HeldBytes, Hold } from './held-bytes.js';
import type { UnpaidLimit } from './limit-unpaid.js';
import type { OfferCounts } from './offer-counts.js';
import { rateHeaders } from './rate-headers.js';
import { bodyTimes, type RequestBody, readBody } from './read-body.js';
import type { RecentFinds } from './recent-finds.js';
import { isSamePath, queryPairs, requestParts } from './request-parts.js';
import type { AnswerExtras, AnswerWriter } from './write-answer.js';

export type GateDeps = {
  readonly purchase: PurchaseDeps;
  readonly snapshot: GateSnapshot;
  readonly recent: RecentFinds;
  readonly outbound: OutboundClient;
  readonly writer: AnswerWriter;
  readonly publicUrl: string;
  readonly unpaidLimit: UnpaidLimit;
  readonly report: (error: unknown) => void;
  readonly count: (code: string) => void;
  readonly held: HeldBytes;
  /** What is read of a request before its claim and held of an answer, where its endpoint does not say. */
  readonly requestHeldBytesMax: number;
  readonly answerHeldBytesMax: number;
  /** What leaves no row of its own is counted here. */
  readonly offerCounts: OfferCounts;
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
  if (hasBody(request)) drainRest(request, response);
  const readiness = deps.snapshot.readiness();
  if (readiness !== 'ready') return refuse(deps, response, readiness);
  if (isUpgrade(request)) return refuse(deps, response, 'upgrade_not_supported');
  const found = find(deps, request);
  if ('code' in found) {
    if (found.code === 'endpoint_unknown' && describeShop(deps, request, response)) return null;
    return refuse(deps, response, found.code, found.extras);
  }
  const read = decodePaymentHeaders(paymentHeadersOf(request.rawHeaders));
  const decoded = read.kind === 'shown' && read.shown.invoiceId === null ? namelessTransaction : read;
  if (decoded.kind === 'payment' || decoded.kind === 'shown')
    return handlePaid(deps, request, response, found, decoded);
  if (found.prepared.isUnpaidLimited) return handleLimited(deps, request, response, found, decoded);
  return refuseUnpaid(deps, request, response, found, decoded);
}

/** Another protocol is asked for where `Connection` says so too; alone the header is an offer that may be ignored. */
function isUpgrade({ headers }: IncomingMessage): boolean {
  if (headers.upgrade === undefined) return false;
  const asksFor = (headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .some((token) => token.trim() === 'upgrade');
  // Every server speaks HTTP/1.1 on, where h2c is offered (RFC 9113, 3.1).
  return asksFor && headers.upgrade.trim().toLowerCase() !== 'h2c';
}

type Decoded = ReturnType<typeof decodePaymentHeaders>;
type DecodedPayment = Extract<Decoded, { kind: 'payment' }>;
/** An invoice, or the transaction that paid it, in place of a signed payment. */
type DecodedShown = Extract<Decoded, { kind: 'shown' }>;
type Paid = DecodedPayment | DecodedShown;
type Unpaid = Exclude<Decoded, Paid>;

const namelessTransaction: Unpaid = {
  kind: 'refused',
  reason: 'payment_malformed',
  detail: 'X402-Payment-Tx goes with X402-Invoice-Id.',
  x402Version: 0,
};

function refuseUnpaid(
  deps: GateDeps,
  request: IncomingMessage,
  response: ServerResponse,
  found: Found,
  decoded: Unpaid,
  headers?: readonly string[],
): null {
  // A payment that nobody could carry out is not invited.
  const offer = freshOffer(deps, found);
  if (!offer) return refuse(deps, response, 'settlement_unavailable', { headers });
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
  decoded: Paid,
): Promise<void> {
  // Before anything is claimed: what is taken in now must also find room for its answer.
  if (!deps.held.hasRoomFor(0)) {
    refuse(deps, response, 'gate_busy');
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
  decoded: Paid,
  hold: Hold,
): Promise<void> {
  const { caps } = found.prepared.endpoint;
  const limits = requestBytesOf(caps, found.terms.settleMode, deps.requestHeldBytesMax);
  const body = await readBody(request, response, hold, { ...limits, ...bodyTimes });
  if (body.kind === 'gone') return;
  if (body.kind === 'refused') {
    refuse(deps, response, body.code, 'detail' in body ? { detail: body.detail } : {});
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
    const asked = { ...requestOf(deps, request, found, { body, hold }, closing.signal), onCounted };
    const outcome = await takeOrShow(deps, found, decoded, asked, request.headers['user-agent']);
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
    await answerPurchase(deps, response, outcome, () => freshOffer(deps, found), versionOf(decoded), headers);
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

/** Whoever shows a transfer speaks no version; the receipt goes out in the newest. */
function versionOf(decoded: Paid): 1 | 2 {
  return decoded.kind === 'payment' ? decoded.payment.x402Version : 2;
}

/** A signed payment is taken; an invoice that is shown, alone or with its transaction, gets what it bought. */
async function takeOrShow(
  deps: GateDeps,
  found: Found,
  decoded: Paid,
  asked: ReturnType<typeof requestOf> & Pick<Purchase, 'onCounted'>,
  userAgent: string | undefined,
): Promise<PurchaseOutcome> {
  if (decoded.kind === 'payment') {
    const { payment: presented, payload } = decoded;
    const { resourceUrl } = presented;
    const resourcePath = found.parts.fullPath;
    const isResourceUrlEqual = resourceUrl === null ? null : isSamePath(resourceUrl, resourcePath);
    const purchase = { ...asked, presented, payload, resourcePath, isResourceUrlEqual };
    const outcome = await takePayment(deps.purchase, purchase);
    countOutcome(deps, found, purchase, userAgent, outcome);
    return outcome;
  }
  const { invoiceId, ...rest } = decoded.shown;
  assert(invoiceId !== null, 'a transaction without an invoice was refused before');
  const outcome = await showTransfer(deps.purchase, { ...asked, ...rest, invoiceId });
  countShown(deps.offerCounts, found, rest, userAgent, outcome);
  return outcome;
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
  deps.writer.describe(response, openApiOfShop(shop, momentOf(deps.purchase, deps.snapshot), deps.publicUrl));
  return true;
}

type NotFound = { readonly code: AnswerCode; readonly extras?: AnswerExtras };

const unknown: NotFound = { code: 'endpoint_unknown' };

/** A target that names no book: unknown, but for one that is only another spelling of something. */
function nowhere(target: string): NotFound {
  const queryAt = target.indexOf('?');
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  return path.startsWith('/g/') && isCanonicalPath(path) ? unknown : { code: 'path_not_canonical' };
}

function find(deps: GateDeps, request: IncomingMessage): Found | NotFound {
  const { method = 'GET', url: target = '' } = request;
  const nowMs = deps.snapshot.nowMs();
  const known = deps.recent.found(method, target, nowMs);
  if (known) return known;
  const parts = requestParts(target);
  const book = parts && deps.snapshot.bookOf(parts.slug);
  if (!book) return nowhere(target);
  const lookup = book.find(method, parts.path);
  if (lookup.kind === 'refused') {
    if (lookup.code !== 'method_not_allowed') return { code: lookup.code };
    return { code: lookup.code, extras: { headers: ['allow', lookup.allowed.join(', ')] } };
  }
  const { prepared } = lookup;
  const terms = currentTerms(prepared.endpoint, Math.floor(nowMs / 1000));
  if (!terms) return unknown;
  const { path, rawQuery } = parts;
  const tag = tagOf(deps.purchase.crypto, prepared.endpoint, terms, { method, path, rawQuery });
  if (tag.kind === 'ambiguous') return { code: 'parameter_ambiguous' };
  const resourceUrl = deps.publicUrl + parts.fullPath;
  const found = { parts, resourceUrl, book, prepared, terms, tag: tag.tag };
  if (prepared.endpoint.path === path && !target.includes('?')) deps.recent.keep(method, target, found);
  return found;
}

function requestOf(
  deps: GateDeps,
  request: IncomingMessage,
  found: Found,
  { body, hold }: { readonly body: RequestBody; readonly hold: Hold },
  signal: AbortSignal,
) {
  const { parts, prepared, tag, terms } = found;
  const { endpoint } = prepared;
  const method = request.method ?? 'GET';
  const priced = queryPairs(parts.rawQuery).filter(([name]) => terms.pricedQuery.includes(name));
  const named = { endpointId: endpoint.endpointId, method, path: parts.path, pricedQuery: priced, bodySha256: null };
  const rest = {
    rawQuery: parts.rawQuery,
    contentType: request.headers['content-type'] ?? '',
    bodySha256: body.kind === 'held' ? createHash('sha256').update(body.bytes).digest() : body.sha256,
  };
  const { path, rawQuery } = parts;
  const heldBytesMax = endpoint.caps.heldBytesMax ?? deps.answerHeldBytesMax;
  const upstreamRequest = { method, path, rawQuery, rawHeaders: request.rawHeaders, body, hold, heldBytesMax };
  return {
    book: found.book.book,
    endpoint,
    method,
    resourceTag: tag,
    requestFingerprint: requestFingerprint(named, rest, deps.purchase.crypto.sha256),
    clientNet: deps.unpaidLimit.netOf(request).hash,
    client: request.headers['user-agent']?.slice(0, clientCharsMax) ?? null,
    callUpstream: upstreamCall(deps.outbound, endpoint, upstreamRequest),
    isBodyStreamed: body.kind === 'streamed',
    signal,
  };
}

const clientCharsMax = 120;
