import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Leaves `Expect: 100-continue` of a buyer to the gate, which asks for a body once it wants it: a refusal, or a stored
 * answer, then costs no upload. Everywhere else a body is asked for at once.
 */
export function leaveContinueToGate(server: Server): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (!request.url?.startsWith('/g/')) response.writeContinue();
    server.emit('request', request, response);
  });
}

/** Tells a client that waits for it that its body is wanted. */
export function inviteBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.expect !== undefined && !response.headersSent) response.writeContinue();
}
