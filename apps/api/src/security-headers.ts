import type { FastifyInstance, FastifyReply } from 'fastify';

/**
 * What a page of ours may load and reach: this instance alone, and no script that stands in the page itself. Styles may:
 * the dashboard's library writes them, and they can neither run nor, with `connect-src` and `img-src` closed, tell.
 */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

/**
 * Headers that every answer but the gate's carries, unless its handler said otherwise. What the gate answers belongs
 * to the merchant; it takes its replies over and never comes here.
 */
export function addSecurityHeaders(instance: FastifyInstance): void {
  instance.addHook('onSend', (request, reply, _payload, done) => {
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
    keepOrSet(reply, 'content-security-policy', isPage ? pagePolicy : dataPolicy);
    keepOrSet(reply, 'x-content-type-options', 'nosniff');
    keepOrSet(reply, 'referrer-policy', 'same-origin');
    keepOrSet(reply, 'cross-origin-resource-policy', 'same-origin');
    if (isPage) {
      keepOrSet(reply, 'cross-origin-opener-policy', 'same-origin');
      keepOrSet(reply, 'x-frame-options', 'DENY');
    }
    // Answers of the api are somebody's own, and a shared cache must not hold them.
    if (isOfTheApi(request.url)) keepOrSet(reply, 'cache-control', 'no-store');
    done();
  });
}

function isOfTheApi(url: string): boolean {
  return url.startsWith('/v1/') || url.startsWith('/auth/') || url.startsWith('/sandbox/');
}

function keepOrSet(reply: FastifyReply, name: string, value: string): void {
  if (!reply.hasHeader(name)) void reply.header(name, value);
}
