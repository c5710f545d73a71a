import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Texts are handed on in pieces of about this many characters, so that small lines make no small packets. */
const pieceChars = 16 * 1024;

/**
 * Answers with a file of lines, made as fast as they are read: the stream asks for the next piece when the last one has
 * left. A failure on the way cuts the connection, so that half a file is never taken for a whole one.
 */
export function sendCsv(
  reply: FastifyReply,
  fileName: string,
  lines: AsyncIterable<string>,
  report: (error: unknown) => void,
): FastifyReply {
  const stream = Readable.from(inPieces(lines), { objectMode: false, highWaterMark: pieceChars });
  stream.on('error', (error) => {
    report(error);
    reply.raw.destroy();
  });
  return reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${fileName}"`)
    .header('cache-control', 'no-store')
    .send(stream);
}

async function* inPieces(lines: AsyncIterable<string>): AsyncIterable<string> {
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < pieceChars) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
