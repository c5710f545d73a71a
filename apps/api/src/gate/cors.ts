import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** What a buyer's program may send from a page of any origin. Some clients send the last one by mistake. */
const requestHeaders = [
  'PAYMENT-SIGNATURE',
  'X-PAYMENT',
  'X402-Payment-Tx',
  'X402-Payment-Proof',
  'X402-Invoice-Id',
  'X402-Pass',
  'SIGN-IN-WITH-X',
  'Content-Type',
  'Authorization',
  'Access-Control-Expose-Headers',
];

/** What such a page may read of an answer. The star covers the merchant's own, where a browser knows it. */
const answerHeaders = [
  'PAYMENT-REQUIRED',
  'PAYMENT-RESPONSE',
  'X-PAYMENT-RESPONSE',
  'X402-Payment-Address',
  'X402-Amount',
  'X402-Currency',
  'X402-Network',
  'X402-Asset',
  'X402-Invoice-Id',
  'X402-Expires-At',
  'X402-Payment-Url',
  'Tollbook-Invoice',
  'Tollbook-Charged',
  'Tollbook-Replayed',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
];

/** On every answer to a page of another origin; no credentials, so nobody's cookies are of use there. */
export const corsHeaders: readonly string[] = [
  ...['access-control-allow-origin', '*'],
  ...['access-control-expose-headers', [...answerHeaders, '*'].join(', ')],
];

const preflightHeaders: readonly string[] = [
  ...corsHeaders,
  ...['access-control-allow-methods', 'GET, HEAD, POST, PUT, PATCH, DELETE'],
  ...['access-control-allow-headers', [...requestHeaders, '*'].join(', ')],
  ...['access-control-max-age', '7200'],
  ...['cache-control', 'no-store'],
];

/** Answers OPTIONS, which is sold nowhere: a browser asks it before it sends a payment. Nothing is looked up. */
export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, [...preflightHeaders]);
  response.end();
}

/** What else buyers' programs of other origins ask, beside the gate: it knows no cookies either. */
const openPaths = ['/pay/', '/.well-known/'] as const;

export function openToBuyers(instance: FastifyInstance): void {
  for (const path of openPaths) {
    instance.options(`${path}*`, (_request, reply) => {
      reply.hijack();
      answerPreflight(reply.raw);
    });
  }
  instance.addHook('onSend', (request, reply, _payload, done) => {
    if (request.headers.origin !== undefined && openPaths.some((path) => request.url.startsWith(path))) {
      for (let at = 0; at + 1 < corsHeaders.length; at += 2)
        void reply.header(corsHeaders[at] ?? '', corsHeaders[at + 1]);
    }
    done();
  });
}
