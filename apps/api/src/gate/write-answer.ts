import type { ServerResponse } from 'node:http';
import type { IssuedOffer, PurchaseOutcome, Receipt } from '@tollbook/usecases';
import { challengeBody, encodeSettlementResponse } from '@tollbook/x402';
import { type AnswerCode, answerOf } from './answers.js';
import type { PreparedEndpoint } from './gate-snapshot.js';

/** A fresh offer with the endpoint it is for. */
export type OfferToWrite = {
  readonly prepared: PreparedEndpoint;
  readonly offer: IssuedOffer;
  readonly resourceUrl: string;
};

/** What an answer may carry besides its code. */
export type AnswerExtras = {
  readonly detail?: string | undefined;
  readonly offer?: OfferToWrite | undefined;
  readonly receipt?: Receipt | undefined;
  readonly x402Version?: 1 | 2 | undefined;
  /** The invoice that the answer is about, where it is not the fresh offer's. */
  readonly invoiceId?: string | undefined;
  /** More headers, names in turn with values. */
  readonly headers?: readonly string[] | undefined;
};

/** An answer before it is sent: headers as names and values in turn, and the body's length in bytes. */
type ComposedAnswer = {
  readonly status: number;
  readonly headers: string[];
  readonly text: string;
  readonly length: number;
};

/** Writes every answer of the gate. Holds the public base URL: a forged Host header changes nothing (A32). */
export class AnswerWriter {
  constructor(private readonly publicUrl: string) {}

  /** A refusal, with a fresh offer where the code says that paying again is safe. */
  refuse(response: ServerResponse, code: AnswerCode, extras: AnswerExtras = {}): void {
    const { status, headers, text, length } = this.compose(code, extras);
    response.writeHead(status, headers);
    // Almost every answer is plain ASCII, which Node sends in one piece with its head.
    endInOnePiece(response, text, length === text.length ? 'latin1' : 'utf8');
  }

  /** What such a refusal says; a preview shows it without sending it. */
  compose(code: AnswerCode, extras: AnswerExtras = {}): ComposedAnswer {
    const row = answerOf(code);
    const offer = row.isRepayable ? extras.offer : undefined;
    const headers = ['cache-control', 'no-store', 'content-type', row.contentType];
    if (row.retryAfterSeconds !== null) headers.push('retry-after', String(row.retryAfterSeconds));
    if (extras.headers) headers.push(...extras.headers);
    if (extras.receipt) headers.push(...receiptHeader(extras.receipt, extras.x402Version ?? 2));
    const problem = this.problemText(code, extras, offer);
    const text = offer ? this.challenge(headers, code, offer, problem) : problem;
    // To measure a text in bytes is to build it; the answer to every unpaid request is known to be plain.
    const isPlain = offer !== undefined && extras.detail === undefined && isPlainChallenge(offer);
    const length = isPlain ? text.length : Buffer.byteLength(text, 'utf8');
    headers.push('content-length', String(length));
    return { status: row.status, headers, text, length };
  }

  /** Adds the challenge's headers; gives the body that holds the other challenge and the problem. */
  private challenge(
    headers: string[],
    code: AnswerCode,
    { prepared, offer, resourceUrl }: OfferToWrite,
    problem: string,
  ): string {
    const { invoiceId, paymentId, expiresAt } = offer;
    const challenge = prepared.challengeOf(offer.terms);
    const written = challenge.write({ invoiceId, paymentId, expiresAt, resourceUrl }, code);
    headers.push('payment-required', written.header, ...challenge.plainHeaders);
    headers.push(
      'x402-invoice-id',
      invoiceId,
      'x402-expires-at',
      expiresAt,
      'x402-payment-url',
      this.payUrl(invoiceId),
    );
    return challengeBody(code, written.bodyAccepts, problem);
  }

  /** JSON text of the problem; what belongs to the code alone was written once. */
  private problemText(code: AnswerCode, { detail, invoiceId }: AnswerExtras, offer: OfferToWrite | undefined): string {
    const fresh = offer?.offer.invoiceId;
    const tried = invoiceId === '' ? undefined : invoiceId;
    let text = problemStart(code, detail);
    // Ids and our own URL hold nothing that JSON would escape.
    if (tried ?? fresh) text += `,"invoiceId":"${tried ?? fresh}"`;
    if (tried !== undefined) text += `,"statusUrl":"${this.payUrl(tried)}"`;
    if (fresh !== undefined) text += `,"paymentUrl":"${this.payUrl(fresh)}"`;
    return `${text}}`;
  }

  private payUrl(invoiceId: string): string {
    return `${this.publicUrl}/pay/${invoiceId}`;
  }

  /** The upstream's answer with its receipt; resolves with whether the last byte left. */
  serve(
    response: ServerResponse,
    outcome: Extract<PurchaseOutcome, { kind: 'served' }>,
    x402Version: 1 | 2,
    moreHeaders: readonly string[] = [],
  ): Promise<boolean> {
    const headers = this.answerHeaders(outcome.answer.headers, outcome.invoiceId);
    headers.push(['tollbook-charged', 'yes']);
    if (outcome.isReplay) headers.push(['tollbook-replayed', 'true']);
    headers.push(receiptHeader(outcome.receipt, x402Version));
    return write(response, outcome.answer.httpStatus, headers, outcome.answer.body, moreHeaders);
  }

  /** An upstream's own refusal, handed on because nothing was charged. */
  passUnpaid(
    response: ServerResponse,
    answer: {
      readonly httpStatus: number;
      readonly headers: readonly (readonly [string, string])[];
      readonly body: Uint8Array;
    },
    invoiceId: string,
  ): Promise<boolean> {
    const headers = this.answerHeaders(answer.headers, invoiceId);
    headers.push(['tollbook-charged', 'no']);
    return write(response, answer.httpStatus, headers, answer.body);
  }

  private answerHeaders(headers: readonly (readonly [string, string])[], invoiceId: string): [string, string][] {
    const kept = headers
      .filter(([name]) => name !== 'cache-control' && name !== 'vary')
      .map(([n, v]): [string, string] => [n, v]);
    const vary = headers.filter(([name]) => name === 'vary').map(([, value]) => value);
    kept.push(['cache-control', 'private, no-store']);
    kept.push(['vary', [...vary, 'PAYMENT-SIGNATURE', 'X-PAYMENT'].join(', ')]);
    kept.push(['tollbook-invoice', invoiceId]);
    return kept;
  }
}

/**
 * `response.end(text)`, with one write to the system. By itself `end` hands over the text and an empty last piece, which
 * Node gathers in a buffer of its own; a lone string it copies straight into the socket.
 */
function endInOnePiece(response: ServerResponse, text: string, encoding: 'latin1' | 'utf8'): void {
  const { socket } = response;
  // Behind an earlier request of the same connection a response has no socket yet.
  if (!socket) {
    response.end(text, encoding);
    return;
  }
  socket.cork();
  response.write(text, encoding);
  socket.uncork();
  response.end();
}

/** Whether the body of an offer's challenge has only ASCII: fixed texts, ids, and a path that is canonical. */
function isPlainChallenge({ prepared, offer }: OfferToWrite): boolean {
  return prepared.challengeOf(offer.terms).isAscii;
}

const startedProblems = new Map<AnswerCode, string>();

/** A problem's members up to its detail, without the closing brace. */
function problemStart(code: AnswerCode, detail: string | undefined): string {
  const known = detail === undefined ? startedProblems.get(code) : undefined;
  if (known) return known;
  const row = answerOf(code);
  const { title, status } = row;
  const problem = { type: `urn:tollbook:problem:${code}`, title, status, code, detail: detail ?? row.detail };
  const text = JSON.stringify(problem).slice(0, -1);
  if (detail === undefined) startedProblems.set(code, text);
  return text;
}

function receiptHeader(receipt: Receipt, x402Version: 1 | 2): [string, string] {
  const written = encodeSettlementResponse(x402Version, wireReceipt(receipt));
  return [written.headerName.toLowerCase(), written.value];
}

function wireReceipt({ isSuccess, txHash, network, payer, errorReason }: Receipt) {
  return { isSuccess, txHash, network, payer, ...(errorReason === null ? {} : { errorReason }) };
}

/** Resolves true when the last byte was handed to the system, false when the connection closed first. */
function write(
  response: ServerResponse,
  status: number,
  headers: [string, string][],
  body: Uint8Array,
  moreHeaders: readonly string[] = [],
): Promise<boolean> {
  return new Promise((resolve) => {
    response.once('finish', () => resolve(true));
    response.once('close', () => resolve(false));
    const flat = [...headers, ['content-length', String(body.length)] as const, moreHeaders].flat();
    response.writeHead(status, flat);
    response.end(body);
  });
}
