import type { Readable } from 'node:stream';
import { encodeId, isChargeable, streamedBytesMax } from '@tollbook/domain';
import { type OutboundClient, OutboundError } from '@tollbook/outbound';
import type { AnswerStream, CallUpstream, GateEndpoint, UpstreamAnswer } from '@tollbook/usecases';
import type { Hold } from './held-bytes.js';
import type { Upload } from './open-upload.js';
import type { RequestBody } from './read-body.js';
import { UpstreamExchange } from './upstream-exchange.js';
import { answerHeaders, handedOnHeaders, handedOnQuery } from './upstream-headers.js';

/** What an upstream's refusal may have; it is not handed on where it is longer than a short text. */
const refusalBytesMax = 1024 * 1024;
/** What is held at a time of an answer that is handed on while it arrives: the copy for a retry. */
const streamBytesHeld = 256 * 1024;

type ToUpstream = {
  readonly method: string;
  readonly path: string;
  readonly rawQuery: string;
  readonly rawHeaders: readonly string[];
  readonly body: RequestBody;
  /** Counts what is held of the answer. */
  readonly hold: Pick<Hold, 'take'>;
  /** What may be held of an answer until money has moved. */
  readonly heldBytesMax: number;
};

/** Builds the call of one request to its upstream: rebuilt from its parts, never passed through. */
export function upstreamCall(outbound: OutboundClient, endpoint: GateEndpoint, request: ToUpstream): CallUpstream {
  return async (attemptId, signal, handling) => {
    const upload = request.body.kind === 'streamed' ? request.body.open() : null;
    const exchange = new UpstreamExchange(outbound, endpoint.timeoutMs, signal, upload);
    try {
      const { status, headers, body } = await exchange.start({
        url: upstreamUrl(endpoint, request.path, request.rawQuery),
        method: request.method,
        headers: headersOf(request, attemptId),
        body: bodyOf(request.body, upload),
      });
      const head = { httpStatus: status, headers: answerHeaders(headers) };
      const answer = await (handling === 'held' ? held(head, body, request) : streamed(head, body, request.hold));
      return { kind: 'answered', answer };
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      const requestFault = upload?.fault() ?? undefined;
      const isLate = exchange.isLate || error.code === 'timeout';
      return { kind: 'failed', reason: isLate ? 'upstream_timeout' : 'upstream_failed', requestFault };
    } finally {
      exchange.leave();
    }
  };
}

function headersOf({ rawHeaders, body }: ToUpstream, attemptId: string): [string, string][] {
  const headers = handedOnHeaders(rawHeaders);
  headers.push(['idempotency-key', encodeId('attempt', attemptId)]);
  if (body.kind === 'streamed') headers.push(['content-length', String(body.length)]);
  return headers;
}

function bodyOf(body: RequestBody, upload: Upload | null): Uint8Array | Readable | undefined {
  if (body.kind === 'streamed') return upload?.stream;
  return body.bytes.length > 0 ? body.bytes : undefined;
}

type Held = Pick<ToUpstream, 'hold' | 'heldBytesMax'>;
type Head = Pick<UpstreamAnswer, 'httpStatus' | 'headers'>;

/**
 * What is sold is read up to what may be held, also where the process is full; what has no end by its nature is not
 * begun. No byte of it leaves before money has moved, so nothing more is taken from the upstream until then.
 */
async function held(head: Head, body: Readable, { hold, heldBytesMax }: Held): Promise<UpstreamAnswer> {
  const isSold = isChargeable(head);
  const rest = piecesOf(body, streamedBytesMax);
  if (isSold && isEndless(head)) return { ...head, body: nothing, stream: sold([], rest, hold) };
  const max = isSold ? heldBytesMax : refusalBytesMax;
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (let piece = await rest.next(); piece !== null; piece = await rest.next()) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes <= max && hold.take(piece.length)) continue;
    if (isSold) return { ...head, body: nothing, stream: sold(pieces, rest, hold) };
    rest.cancel();
    throw new OutboundError('too_large', true);
  }
  return { ...head, body: Buffer.concat(pieces) };
}

/** What is sold is handed on while it arrives; a refusal is short, and is looked at before it is. */
async function streamed(head: Head, body: Readable, hold: ToUpstream['hold']): Promise<UpstreamAnswer> {
  const rest = piecesOf(body, streamedBytesMax);
  if (isChargeable(head)) return { ...head, body: nothing, stream: sold([], rest, hold) };
  return held(head, body, { hold, heldBytesMax: 0 });
}

const nothing = new Uint8Array();

/** An answer that is sold while it arrives, from its first byte on; the copy for a retry is held beside it. */
function sold(first: readonly Uint8Array[], rest: AnswerStream, hold: ToUpstream['hold']): AnswerStream {
  // Its money has moved or is about to: a full process hands it on all the same.
  hold.take(streamBytesHeld);
  const waiting = [...first];
  return { next: async () => waiting.shift() ?? (await rest.next()), cancel: () => rest.cancel() };
}

function isEndless({ headers }: Head): boolean {
  return headers.some(([name, value]) => name === 'content-type' && /^text\/event-stream\b/i.test(value.trim()));
}

/** A body piece by piece, read no faster than it is asked for; one with more than `bytesMax` bytes breaks off. */
function piecesOf(body: Readable, bytesMax: number): AnswerStream {
  const pieces = body[Symbol.asyncIterator]();
  let bytes = 0;
  return {
    next: async () => {
      const { done, value } = await pieces.next();
      if (done) return null;
      bytes += value.length;
      if (bytes <= bytesMax) return value;
      body.destroy();
      throw new OutboundError('too_large', true);
    },
    cancel: () => void body.destroy(),
  };
}

/** A literal endpoint names its upstream whole; a pattern names its root, and the path is appended. */
function upstreamUrl(endpoint: GateEndpoint, path: string, rawQuery: string): string {
  const [root = '', ownQuery = ''] = endpoint.upstreamUrl.split('?', 2);
  const target = endpoint.path === path ? root : root.replace(/\/$/, '') + path;
  const query = [ownQuery, handedOnQuery(rawQuery, ownQuery)].filter((part) => part !== '').join('&');
  return query === '' ? target : `${target}?${query}`;
}
