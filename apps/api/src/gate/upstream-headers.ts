import { hasOwnToken, keptParameters, withoutOwnCookies, withoutOwnTokens } from './own-secrets.js';

type Headers = readonly (readonly [string, string])[];

/**
 * Headers that are not handed on: those of one connection, those of the payment, those that would make an answer
 * depend on more than the request's fingerprint covers, those only Tollbook may set, and what a buyer may say of who he
 * is, of his own address, or of a method that was not priced: an upstream believes them of a proxy in front of it.
 */
const droppedRequestHeaders = new RegExp(
  `^(?:${[
    'connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|http2-settings|host|content-length|expect',
    'accept-encoding|range|if-.*',
    'payment-.*|x-payment.*|x402-.*|x-x402-.*|pay|sign-in-with-x|(?:x-)?tollbook-.*|idempotency-key',
    'forwarded|x-forwarded.*|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|via|x-envoy-.*|x-appengine-.*',
    'cf-.*|fly-.*|fastly-.*|x-azure-.*|x-vercel-.*|x-amzn-.*',
    '(?:x-)?remote-.*|x-auth-request-.*|x-authenticated-.*|x-webauth-.*|(?:x-)?ssl-client-.*|x-client-(?:cert|verify).*',
    'x-http-method.*|x-method.*|x-original-.*|x-rewrite-url',
  ].join('|')})$`,
);

/**
 * Headers of an answer that stay behind: those of one connection, those only Tollbook may say, and what an upstream may
 * say of its own origin, of its server or of itself as a reader's place, and not of ours.
 */
const droppedAnswerHeaders = new RegExp(
  `^(?:${[
    'connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length|set-cookie|date',
    'payment-.*|x-payment.*|x402-.*|tollbook-.*',
    'strict-transport-security|alt-svc|alt-used|expect-ct|public-key-pins.*|clear-site-data|service-worker-allowed',
    'nel|report-to|reporting-endpoints|accept-ch|critical-ch|origin-agent-cluster|origin-trial|refresh',
    'server|via|x-powered-by|x-served-by|x-backend.*|x-upstream.*|x-aspnet.*',
  ].join('|')})$`,
);

/** Headers whose value is an address, or several: they would name the upstream's host. */
const addressHeaders = /^(?:location|content-location|link)$/;

/** A buyer's headers as the upstream gets them. A name spelled with `_` is read as the one with `-`, as many servers do. */
export function handedOnHeaders(rawHeaders: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    const value = rawHeaders[at + 1] ?? '';
    const kept = name === 'cookie' ? withoutOwnCookies(value) : value;
    if (kept !== null && !hasOwnToken(kept)) pairs.push([name, kept]);
  }
  return withoutHops(pairs, droppedRequestHeaders);
}

/** A buyer's query as the upstream gets it: without our own secrets, and without what the upstream's own URL says. */
export function handedOnQuery(rawQuery: string, ownQuery: string): string {
  const own = new Set(new URLSearchParams(ownQuery).keys());
  return keptParameters(withoutOwnTokens(rawQuery), (name) => !own.has(name));
}

/** An upstream's headers as a buyer gets them, before the gate adds its own. */
export function answerHeaders(headers: Headers): [string, string][] {
  const pairs = headers.map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  return withoutHops(pairs, droppedAnswerHeaders).filter(
    ([name, value]) => !addressHeaders.test(name) || !namesHost(value),
  );
}

/** Whether an address in a value is more than a path: it has a scheme, or begins with a host. */
function namesHost(value: string): boolean {
  return /(?:^|[<,\s])\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(value);
}

/** Without those that are dropped by name, and those that `Connection` calls its own (RFC 9110, 7.6.1). */
function withoutHops(headers: [string, string][], dropped: RegExp): [string, string][] {
  const named = new Set<string>();
  for (const [name, value] of headers) {
    if (name !== 'connection') continue;
    for (const token of value.split(',')) named.add(token.trim().toLowerCase());
  }
  return headers.filter(([name]) => !dropped.test(name.replaceAll('_', '-')) && !named.has(name));
}
