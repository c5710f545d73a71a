import { encodeId } from '@tollbook/domain';
import { type OutboundClient, OutboundError } from '@tollbook/outbound';
import type { CallUpstream, GateEndpoint } from '@tollbook/usecases';

/** What an upstream's answer may hold in memory; a larger one is not sold. */
const answerBytesMax = 1024 * 1024;

/**
 * Headers that are not handed on: those of one connection, those of the payment, those that would make an answer
 * depend on more than the request's fingerprint covers, and those only Tollbook may set.
 */
const droppedRequestHeaders =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|expect|accept-encoding|range|if-.*|payment-.*|x-payment.*|x402-.*|x-x402-.*|sign-in-with-x|tollbook-.*|idempotency-key)$/;

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
  },
): CallUpstream {
  return async (attemptId, signal) => {
    const headers = handedOn(request.rawHeaders);
    headers.push(['idempotency-key', encodeId('attempt', attemptId)]);
    try {
      const answer = await outbound.request({
        url: upstreamUrl(endpoint, request.path, request.rawQuery),
        method: request.method,
        headers,
        body: request.body.length > 0 ? request.body : undefined,
        signal,
        headersTimeoutMs: endpoint.timeoutMs,
        totalTimeoutMs: endpoint.timeoutMs,
        maxBodyBytes: answerBytesMax,
        onTooLarge: 'fail',
      });
      const kept = [...answer.headers].filter(([name]) => !droppedAnswerHeaders.test(name.toLowerCase()));
      return { kind: 'answered', answer: { httpStatus: answer.status, headers: kept, body: answer.body } };
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      return { kind: 'failed', reason: error.code === 'timeout' ? 'upstream_timeout' : 'upstream_failed' };
    }
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
