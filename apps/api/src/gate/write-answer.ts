import type { ServerResponse } from 'node:http';
import type { AnswerStream, IssuedOffer, PurchaseOutcome, Receipt } from '@tollbook/usecases';
import { challengeBody, encodeSettlementResponse } from '@tollbook/x402';
import { type AnswerCode, answerOf } from './answers.js';
import { corsHeaders } from './cors.js';
import { hasBody } from './drain-rest.js';
import type { PreparedChallenge, PreparedEndpoint } from './gate-snapshot.js';
import { type PreparedAnswer, prepareAnswer } from './prepared-answer.js';

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
  /** Where a code has more than one. */
  readonly status?: number | undefined;
  /** More members of the problem, one at least. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
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
  /** Null for those that cannot be prepared. */
  private readonly preparedAnswers = new WeakMap<PreparedChallenge, PreparedAnswer | null>();

  constructor(private readonly publicUrl: string) {}

  /**
   * The offer to a request without payment, to one of a book's own endpoints. It is the answer that crawlers ask for
   * without end, so where the connection is as most are it leaves in one piece that stands ready.
   */
  offer(response: ServerResponse, offer: OfferToWrite, headers: readonly string[] | undefined): void {
    const prepared = takesWholeAnswer(response) ? this.preparedAnswer(offer) : null;
    const { socket } = response;
    if (!prepared || !socket) {
      this.refuse(response, 'payment_required', { offer, headers });
      return;
    }
    prepared.send(socket, offer.offer, isCrossOrigin(response) ? [...corsHeaders, ...(headers ?? [])] : headers);
    // The server waits for this before it goes on to the connection's next request.
    response.emit('finish');
  }

  private preparedAnswer({ prepared, offer, resourceUrl }: OfferToWrite): PreparedAnswer | null {
    const challenge = prepared.challengeOf(offer.terms);
    if (challenge.resourceUrl !== resourceUrl) return null;
    let answer = this.preparedAnswers.get(challenge);
    if (answer === undefined) {
      answer = prepareAnswer((texts) =>
        this.compose('payment_required', { offer: { prepared, offer: { ...offer, ...texts }, resourceUrl } }),
      );
      this.preparedAnswers.set(challenge, answer);
    }
    return answer;
  }

  /** A refusal, with a fresh offer where the code says that paying again is safe. */
  refuse(response: ServerResponse, code: AnswerCode, extras: AnswerExtras = {}): void {
    const { status, headers, text, length } = this.compose(code, extras);
    response.writeHead(status, isCrossOrigin(response) ? [...corsHeaders, ...headers] : headers);
    // Almost every answer is plain ASCII, which Node sends in one piece with its head.
    endInOnePiece(response, text, length === text.length ? 'latin1' : 'utf8');
  }

  /** A document that everybody may read. */
  describe(response: ServerResponse, document: object): void {
    const text = JSON.stringify(document);
    const headers = ['content-type', 'application/json', 'cache-control', 'no-cache'];
    headers.push('content-length', String(Buffer.byteLength(text, 'utf8')));
    if (isCrossOrigin(response)) headers.push(...corsHeaders);
    response.writeHead(200, headers);
    response.end(text, 'utf8');
  }

  /** What such a refusal says; a preview shows it without sending it. */
  compose(code: AnswerCode, extras: AnswerExtras = {}): ComposedAnswer {
    const row = answerOf(code);
    const offer = row.isRepayable ? extras.offer : undefined;
    const headers = [...(extras.headers ?? []), 'cache-control', 'no-store', 'content-type', row.contentType];
    if (row.retryAfterSeconds !== null) headers.push('retry-after', String(row.retryAfterSeconds));
    if (row.isKnownFree) headers.push('tollbook-charged', 'no');
    if (extras.receipt) headers.push(...receiptHeader(extras.receipt, extras.x402Version ?? 2));
    const problem = this.problemText(code, extras, offer);
    const text = offer ? this.challenge(headers, code, offer, problem) : problem;
    const length = Buffer.byteLength(text, 'utf8');
    headers.push('content-length', String(length));
    return { status: extras.status ?? row.status, headers, text, length };
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
  private problemText(
    code: AnswerCode,
    { detail, invoiceId, status, members }: AnswerExtras,
    offer: OfferToWrite | undefined,
  ): string {
    const fresh = offer?.offer.invoiceId;
    const tried = invoiceId === '' ? undefined : invoiceId;
    let text = problemStart(code, detail, status);
    // Ids and our own URL hold nothing that JSON would escape.
    if (tried ?? fresh) text += `,"invoiceId":"${tried ?? fresh}"`;
    if (tried !== undefined) text += `,"statusUrl":"${this.payUrl(tried)}"`;
    if (fresh !== undefined) text += `,"paymentUrl":"${this.payUrl(fresh)}"`;
    if (members) text += `,${JSON.stringify(members).slice(1, -1)}`;
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
    const { httpStatus, body, stream } = outcome.answer;
    if (stream) return writeStream(response, httpStatus, [...headers.flat(), ...moreHeaders], stream);
    return write(response, httpStatus, headers, body, moreHeaders);
  }

  /** An upstream's own refusal, handed on with what it cost: nothing, or a payment whose receipt goes along. */
  passRefusal(
    response: ServerResponse,
    answer: {
      readonly httpStatus: number;
      readonly headers: readonly (readonly [string, string])[];
      readonly body: Uint8Array;
    },
    invoiceId: string,
    paid?: { readonly receipt: Receipt; readonly x402Version: 1 | 2 },
  ): Promise<boolean> {
    const headers = this.answerHeaders(answer.headers, invoiceId);
    headers.push(['tollbook-charged', paid ? 'yes' : 'no']);
    if (paid) headers.push(receiptHeader(paid.receipt, paid.x402Version));
    return write(response, answer.httpStatus, headers, answer.body);
  }

  private answerHeaders(headers: readonly (readonly [string, string])[], invoiceId: string): [string, string][] {
    const kept = headers.filter(([name]) => !ownAnswerHeaders.test(name)).map(([n, v]): [string, string] => [n, v]);
    const vary = headers.filter(([name]) => name === 'vary').map(([, value]) => value);
    kept.push(['cache-control', 'private, no-store']);
    kept.push(['vary', [...vary, ...paymentVary].join(', ')]);
    kept.push(['tollbook-invoice', invoiceId]);
    return kept;
  }
}

/** What a paid answer depends on, beside its address: whoever caches it all the same must not give it to another. */
export const paymentVary: readonly string[] = [
  'PAYMENT-SIGNATURE',
  'X-PAYMENT',
  'X402-Payment-Tx',
  'X402-Payment-Proof',
  'X402-Invoice-Id',
];

/**
 * What the gate says of its own of every paid answer: whoever may read it, and that nobody keeps it. The upstream's
 * word for it (also those that only some caches read) is for the upstream's own callers.
 */
const ownAnswerHeaders =
  /^(?:cache-control|.*cdn-cache-control|surrogate-control|expires|pragma|age|vary|access-control-.*)$/;

/** Browsers name the page's origin in any request that its answer's reader must be allowed for. */
function isCrossOrigin({ req }: ServerResponse): boolean {
  return req.headers.origin !== undefined;
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

/**
 * Whether an answer may be handed to the connection whole: it is this response's turn, and what Node would say of the
 * connection is what it says of most: it is kept. What follows a request's head and was not read is Node's to pass over.
 */
function takesWholeAnswer({ socket, req, shouldKeepAlive, headersSent }: ServerResponse): boolean {
  if (!socket?.writable || !shouldKeepAlive || headersSent) return false;
  return req.method !== 'HEAD' && req.httpVersion === '1.1' && !hasBody(req);
}

const startedProblems = new Map<AnswerCode, string>();

/** A problem's members up to its detail, without the closing brace. */
function problemStart(code: AnswerCode, detail: string | undefined, otherStatus: number | undefined): string {
  const isUsual = detail === undefined && otherStatus === undefined;
  const known = isUsual ? startedProblems.get(code) : undefined;
  if (known) return known;
  const row = answerOf(code);
  const { title } = row;
  const status = otherStatus ?? row.status;
  const problem = { type: `urn:tollbook:problem:${code}`, title, status, code, detail: detail ?? row.detail };
  const text = JSON.stringify(problem).slice(0, -1);
  if (isUsual) startedProblems.set(code, text);
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
    const cors = isCrossOrigin(response) ? corsHeaders : [];
    const flat = [...headers, ['content-length', String(body.length)] as const, moreHeaders, cors].flat();
    response.writeHead(status, flat);
    response.end(body);
  });
}

/** Hands an answer on while it arrives, no faster than the buyer reads; resolves as `write` does. */
async function writeStream(
  response: ServerResponse,
  status: number,
  headers: string[],
  stream: AnswerStream,
): Promise<boolean> {
  response.writeHead(status, headers);
  response.flushHeaders();
  try {
    for (let piece = await stream.next(); piece !== null; piece = await stream.next()) {
      if (response.destroyed) return false;
      if (!response.write(piece)) await roomIn(response);
    }
  } catch {
    // The buyer sees an answer that breaks off, and not one that seems to be whole.
    response.destroy();
    return false;
  }
  return new Promise((resolve) => {
    response.once('close', () => resolve(response.writableFinished));
    response.end(() => resolve(true));
    if (response.destroyed) resolve(false);
  });
}

function roomIn(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go);
      response.off('close', go);
      resolve();
    };
    response.on('drain', go);
    response.on('close', go);
  });
}
