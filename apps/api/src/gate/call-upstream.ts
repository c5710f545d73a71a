import type { Readable } from 'node:stream';
import { encodeId, isChargeable } from '@tollbook/domain';
import { type OutboundClient, OutboundError, type OutboundStreamRequest } from '@tollbook/outbound';
import {
  type AnswerStream,
  type CallUpstream,
  type GateEndpoint,
  streamSeconds,
  type UpstreamAnswer,
} from '@tollbook/usecases';
import type { Hold } from './held-bytes.js';

/** What an upstream's answer may hold in memory; a larger one is not sold. */
const answerBytesMax = 1024 * 1024;
/** What an answer may have that is handed on while it arrives, and what of it is held at a time: the copy for a retry. */
const streamBytesMax = 1024 * 1024 * 1024;
const streamBytesHeld = 256 * 1024;

/**
 * Headers that are not handed on: those of one connection, those of the payment, those that would make an answer
 * depend on more than the request's fingerprint covers, those only Tollbook may set, and what a buyer may say of his own
 * address or of a method that was not priced.
 */
const droppedRequestHeaders = new RegExp(
  `^(?:${[
    'connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|http2-settings|host|content-length|expect',
    'accept-encoding|range|if-.*',
    'payment-.*|x-payment.*|x402-.*|x-x402-.*|pay|sign-in-with-x|tollbook-.*|idempotency-key',
    'forwarded|x-forwarded.*|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-connecting-ip|via',
    'x-http-method.*|x-method-override|x-original-url|x-original-uri|x-rewrite-url',
  ].join('|')})$`,
);

const droppedAnswerHeaders =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length|set-cookie|date|payment-.*|x-payment.*|x402-.*|tollbook-.*)$/;

/** Builds the call of one request to its upstream: rebuilt from its parts, never passed through. */
export function upstreamCall(
  outbound: OutboundClient,
  endpoint: GateEndpoint,
  request: {
    readonly method: string;
    readonly path: string;
    readonly rawQuery: string;
    readonly rawHeaders: readonly string[];
    readonly body: Uint8Array;
    /** Counts what is held of the answer. */
    readonly hold: Hold;
  },
): CallUpstream {
  return async (attemptId, signal, handling) => {
    const headers = handedOn(request.rawHeaders);
    headers.push(['idempotency-key', encodeId('attempt', attemptId)]);
    try {
      const call = {
        url: upstreamUrl(endpoint, request.path, request.rawQuery),
        method: request.method,
        headers,
        body: request.body.length > 0 ? request.body : undefined,
        signal,
        headersTimeoutMs: endpoint.timeoutMs,
      };
      const answer = await (handling === 'held'
        ? held(outbound, call, endpoint.timeoutMs)
        : streamed(outbound, call, endpoint.timeoutMs));
      request.hold.add(answer.stream ? streamBytesHeld : answer.body.length);
      const kept = answer.headers.filter(([name]) => !droppedAnswerHeaders.test(name.toLowerCase()));
      return { kind: 'answered', answer: { ...answer, headers: kept } };
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      return { kind: 'failed', reason: error.code === 'timeout' ? 'upstream_timeout' : 'upstream_failed' };
    }
  };
}

type Call = Omit<OutboundStreamRequest, 'totalTimeoutMs' | 'bodyIdleTimeoutMs'>;

async function held(outbound: OutboundClient, call: Call, totalTimeoutMs: number): Promise<UpstreamAnswer> {
  const limits = { totalTimeoutMs, maxBodyBytes: answerBytesMax, onTooLarge: 'fail' } as const;
  const { status, headers, body } = await outbound.request({ ...call, ...limits });
  return { httpStatus: status, headers: [...headers], body };
}

/** What is sold is handed on while it arrives; a refusal is short, and is looked at before it is. */
async function streamed(outbound: OutboundClient, call: Call, bodyIdleTimeoutMs: number): Promise<UpstreamAnswer> {
  const limits = { totalTimeoutMs: streamSeconds * 1000, bodyIdleTimeoutMs };
  const { status, headers, body } = await outbound.stream({ ...call, ...limits });
  const head = { httpStatus: status, headers: [...headers] };
  if (isChargeable(head)) return { ...head, body: new Uint8Array(), stream: piecesOf(body, streamBytesMax) };
  const pieces: Uint8Array[] = [];
  const { next } = piecesOf(body, answerBytesMax);
  for (let piece = await next(); piece !== null; piece = await next()) pieces.push(piece);
  return { ...head, body: Buffer.concat(pieces) };
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
  const query = [ownQuery, rawQuery].filter((part) => part !== '').join('&');
  return query === '' ? target : `${target}?${query}`;
}

function handedOn(rawHeaders: readonly string[]): [string, string][] {
  const headers: [string, string][] = [];
  const named = new Set<string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    if (name !== 'connection') continue;
    for (const token of (rawHeaders[at + 1] ?? '').split(',')) named.add(token.trim().toLowerCase());
  }
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    if (droppedRequestHeaders.test(name) || named.has(name)) continue;
    headers.push([name, rawHeaders[at + 1] ?? '']);
  }
  return headers;
}
