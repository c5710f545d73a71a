import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StaticFile } from './static-files.js';

/** Sends a file, packed for those who can unpack, or says that what the browser has is still right. */
export function sendStaticFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: StaticFile,
  cacheControl: string,
): FastifyReply {
  void reply.header('cache-control', cacheControl).header('etag', file.etag).header('vary', 'accept-encoding');
  // Before the 304 too: a browser takes over its headers, and by the type the page gets the policy of a page.
  void reply.header('content-type', file.contentType);
  if (request.headers['if-none-match'] === file.etag) return reply.status(304).send();
  const takesGzip = /\bgzip\b(?!;q=0(\.0*)?(,|$))/.test(String(request.headers['accept-encoding'] ?? ''));
  if (file.packed === null || !takesGzip) return reply.send(file.body);
  return reply.header('content-encoding', 'gzip').send(file.packed);
}

/** Names of these files hold a hash of what is in them. */
export const immutable = 'public, max-age=31536000, immutable';
/** Asked for anew each time, and answered by 304 while nothing changed. */
export const revalidated = 'no-cache';
