import type { IncomingMessage, ServerResponse } from 'node:http';

/** How much of a body that nobody wants is still taken in, and for how long, so that its sender reads the answer. */
const drained = { bytesMax: 1024 * 1024, msMax: 2_000 } as const;

/** Whether something follows a request's head; most are without. */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/**
 * Sees to it that an answer given before its request's body was read reaches a sender who is still sending: the rest is
 * thrown away for a while, and then the connection is closed. Without a body, or with one that was read, does nothing.
 */
export function drainRest(
  request: IncomingMessage,
  response: ServerResponse,
  { bytesMax, msMax }: { readonly bytesMax: number; readonly msMax: number } = drained,
): void {
  response.once('prefinish', () => {
    if (request.complete || request.destroyed) return;
    let left = bytesMax;
    const close = () => void request.socket.destroy();
    const timer = setTimeout(close, msMax);
    const stop = () => clearTimeout(timer);
    request.on('error', stop);
    request.once('end', stop).once('close', stop);
    request.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) close();
    });
    request.resume();
  });
}
