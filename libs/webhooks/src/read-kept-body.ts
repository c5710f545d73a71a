import type { Readable } from 'node:stream';

/** How much of an answer is kept for its merchant to read. */
const keptBodyBytesMax = 16 * 1024;

/** What was kept of a body; `failure` is what broke it off, null where it came to its end or to ours. */
export type KeptBody = { readonly text: string; readonly failure: unknown };

/**
 * The beginning of an answer as text a database takes: at most 16 kB, bytes that are no UTF-8 and NULs replaced. The
 * rest is not read. What came before a stream broke is kept.
 */
export async function readKeptBody(body: Readable): Promise<KeptBody> {
  const chunks: Uint8Array[] = [];
  let room = keptBodyBytesMax;
  let failure: unknown = null;
  try {
    // Leaving the loop destroys the stream, which breaks the connection off.
    for await (const piece of body) {
      const chunk: Uint8Array = piece;
      chunks.push(chunk.subarray(0, room));
      room -= Math.min(room, chunk.byteLength);
      if (room === 0) break;
    }
  } catch (error) {
    failure = error;
  }
  return { text: keptText(Buffer.concat(chunks)), failure };
}

function keptText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).replaceAll('\0', '\u{fffd}');
  const encoded = Buffer.from(text, 'utf8');
  if (encoded.byteLength <= keptBodyBytesMax) return text;
  // A replaced byte takes three: cut again, and drop the character the cut may have split.
  const cut = new TextDecoder().decode(encoded.subarray(0, keptBodyBytesMax));
  return cut.replace(/\u{fffd}+$/u, '');
}
