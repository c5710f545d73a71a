import type { IncomingMessage } from 'node:http';
import type { Hold } from './held-bytes.js';

/** A paid request is fingerprinted with its body before the claim, so the body must fit in memory. */
const requestBytesMax = 1024 * 1024;

/** The whole body of a request, or null when it has more than `requestBytesMax` bytes. Rejects when it breaks off. */
export async function readBody(request: IncomingMessage, hold: Hold): Promise<Uint8Array | null> {
  if (Number(request.headers['content-length'] ?? 0) > requestBytesMax) return null;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes: Buffer = chunk;
    length += bytes.length;
    if (length > requestBytesMax) return null;
    hold.add(bytes.length);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
