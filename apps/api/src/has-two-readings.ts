import type { IncomingMessage } from 'node:http';

/**
 * Whether a proxy in front may have read this request otherwise than we do, so that what is left of it could pass for a
 * second one: a transfer coding that is not `chunked` alone, or another number of Hosts than one (RFC 9112, sections 3.2
 * and 6.1). HTTP/1.0 knew no Host.
 */
export function hasTwoReadings({
  headers,
  rawHeaders,
  httpVersion,
}: Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'httpVersion'>): boolean {
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return true;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1 || (hosts === 0 && httpVersion !== '1.0');
}
