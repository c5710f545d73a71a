import type { Readable } from 'node:stream';
import { OutboundError } from './outbound-error.js';

/** Reads a body up to a number of bytes; beyond it the rest is left unread (`truncate`) or the call fails (`fail`). */
export async function collectBody(
  body: Readable,
  maxBodyBytes: number,
  onTooLarge: 'truncate' | 'fail',
): Promise<{ body: Uint8Array; isTruncated: boolean }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop destroys the stream, which breaks the connection off.
  for await (const piece of body) {
    const chunk: Uint8Array = piece;
    const room = maxBodyBytes - bytes;
    if (chunk.byteLength > room) {
      if (onTooLarge === 'fail') throw new OutboundError('too_large', true);
      chunks.push(chunk.subarray(0, room));
      return { body: Buffer.concat(chunks), isTruncated: true };
    }
    chunks.push(chunk);
    bytes += chunk.byteLength;
  }
  return { body: Buffer.concat(chunks), isTruncated: false };
}
