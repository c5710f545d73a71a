import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import type { RequestFault } from '@tollbook/usecases';
import { inviteBody } from './expect-continue.js';

/** A body on its way to the upstream. */
export type Upload = {
  readonly stream: Readable;
  /** Resolves once all of it was handed on; never rejects, and never resolves where it was not. */
  readonly done: Promise<void>;
  /** What is wrong with the request itself; null where nothing is. */
  readonly fault: () => RequestFault | null;
};

/** How often somebody looks while a body stands still, so that it is given up when its time is over and not long after. */
const looksUntilIdle = 10;

/**
 * Hands a request's body on, as fast as it is taken, and checks its digest. The last piece is kept back until the digest
 * is known to be right, so that an upstream never gets another body whole.
 */
export function openUpload(
  request: IncomingMessage,
  response: ServerResponse,
  sha256: Uint8Array,
  idleMs: number,
): Upload {
  const hash = createHash('sha256');
  let fault: RequestFault | null = null;
  let last: Buffer | undefined;
  let idleLooks = 0;
  const stream = new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      idleLooks = 0;
      hash.update(piece);
      const previous = last;
      last = piece;
      done(null, previous);
    },
    flush: (done) => {
      if (hash.digest().equals(sha256)) done(null, last);
      else breakOff('digest_mismatch');
    },
  });
  const breakOff = (found: RequestFault) => {
    fault ??= found;
    stream.destroy(new Error(found));
  };
  const ended = () => {
    if (!request.complete) breakOff('broken_off');
  };
  const timer = setInterval(() => {
    // Whose pieces nobody takes is not slow.
    const isWaitedFor = !stream.writableNeedDrain && !stream.readableEnded && stream.readableLength === 0;
    idleLooks = isWaitedFor ? idleLooks + 1 : 0;
    if (idleLooks >= looksUntilIdle) breakOff('broken_off');
  }, idleMs / looksUntilIdle);
  const done = new Promise<void>((resolve) => stream.once('end', resolve));
  stream.on('error', () => undefined);
  stream.once('close', () => {
    clearInterval(timer);
    request.off('close', ended).off('aborted', ended);
  });
  request.once('close', ended).once('aborted', ended).on('error', ended);
  if (request.destroyed) ended();
  else {
    inviteBody(request, response);
    request.pipe(stream);
  }
  return { stream, done, fault: () => fault };
}
