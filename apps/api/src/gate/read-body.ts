import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sha256OfContentDigest } from './content-digest.js';
import { inviteBody } from './expect-continue.js';
import type { Hold } from './held-bytes.js';
import { openUpload, type Upload } from './open-upload.js';

/** The body of a request: read whole before its claim, or handed on once while it arrives. */
export type RequestBody =
  | { readonly kind: 'held'; readonly bytes: Uint8Array }
  | { readonly kind: 'streamed'; readonly length: number; readonly sha256: Uint8Array; readonly open: () => Upload };

export type BodyRefusal =
  | { readonly kind: 'refused'; readonly code: 'request_too_large'; readonly detail: string }
  | { readonly kind: 'refused'; readonly code: 'gate_busy' | 'request_too_slow' | 'digest_mismatch' }
  /** Its buyer left before it was whole. */
  | { readonly kind: 'gone' };

export type BodyLimits = {
  /** What is read before the claim, and what may come at all. */
  readonly heldMax: number;
  readonly totalMax: number;
  readonly idleMs: number;
  readonly wholeMs: number;
};

/** A body that stops for so long, or takes so long altogether, keeps others from the gate and no payment alive. */
export const bodyTimes = { idleMs: 10_000, wholeMs: 60_000 } as const;

/** What a body holds at a time that is handed on: the buffers between two sockets. */
const uploadBytesHeld = 256 * 1024;

/**
 * The body of a paid request, which is told from another by its SHA-256. Up to `heldMax` it is read here; a larger one,
 * where it may come, must name its length and its digest, and is checked against them while it is handed on. A digest that
 * is named without need is checked too.
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  hold: Hold,
  limits: BodyLimits,
): Promise<RequestBody | BodyRefusal> {
  const { heldMax, totalMax } = limits;
  const said = request.headers['content-length'];
  const length = said === undefined ? null : Number(said);
  if (length !== null && length > totalMax)
    return tooLarge(`The body of a paid request may have up to ${totalMax} bytes here.`);
  const sha256 = sha256OfContentDigest(request.rawHeaders);
  if (length !== null && length > heldMax) {
    if (sha256 === null) return tooLarge(needsDigest(heldMax));
    if (!hold.take(uploadBytesHeld)) return { kind: 'refused', code: 'gate_busy' };
    return { kind: 'streamed', length, sha256, open: () => openUpload(request, response, sha256, limits.idleMs) };
  }
  inviteBody(request, response);
  const collected = await collect(request, hold, limits);
  if (collected === 'gone') return { kind: 'gone' };
  if (collected !== 'request_too_large') {
    if (typeof collected === 'string') return { kind: 'refused', code: collected };
    const isAnother = sha256 !== null && !createHash('sha256').update(collected).digest().equals(sha256);
    return isAnother ? { kind: 'refused', code: 'digest_mismatch' } : { kind: 'held', bytes: collected };
  }
  if (totalMax > heldMax) return tooLarge(needsDigest(heldMax));
  return tooLarge(`The body of a paid request may have up to ${heldMax} bytes here.`);
}

function tooLarge(detail: string): BodyRefusal {
  return { kind: 'refused', code: 'request_too_large', detail };
}

function needsDigest(heldMax: number): string {
  return `A body of more than ${heldMax} bytes needs Content-Length and Content-Digest with sha-256 (RFC 9530).`;
}

type Collected = Uint8Array | 'request_too_large' | 'request_too_slow' | 'gate_busy' | 'gone';

/** Listens instead of iterating: leaving an iteration early would close the connection, and the answer with it. */
function collect(request: IncomingMessage, hold: Hold, { heldMax, idleMs, wholeMs }: BodyLimits): Promise<Collected> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const slow = () => finish('request_too_slow');
    const whole = setTimeout(slow, wholeMs);
    const idle = setTimeout(slow, idleMs);
    const take = (chunk: Buffer) => {
      idle.refresh();
      length += chunk.length;
      if (length > heldMax) return finish('request_too_large');
      if (!hold.take(chunk.length)) return finish('gate_busy');
      chunks.push(chunk);
    };
    const end = () => finish(Buffer.concat(chunks));
    const gone = () => finish('gone');
    const finish = (collected: Collected) => {
      clearTimeout(whole);
      clearTimeout(idle);
      request.pause();
      request.off('data', take).off('end', end).off('close', gone).off('aborted', gone);
      resolve(collected);
    };
    // Breaking off is an error of the stream too, which nobody else listens to.
    request.on('error', gone);
    if (request.destroyed) return gone();
    request.on('data', take).on('end', end).on('close', gone).on('aborted', gone);
  });
}
