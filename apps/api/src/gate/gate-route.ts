import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyPluginCallback } from 'fastify';

export type GateHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The gate's place in Fastify. It is registered on the bare instance, before the framework adds its hooks, so that none
 * of them runs for a buyer; the gate's module opens it when everything that answers is there.
 */
export class GateRoute {
  private handler: GateHandler = answerNotReady;

  /** Sends requests under `/g/` to `handler` from now on. */
  open(handler: GateHandler): void {
    this.handler = handler;
  }

  readonly plugin: FastifyPluginCallback = (scope, _options, done) => {
    // The request's bytes are the gate's to read, or to leave.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload));
    scope.route({
      method: scope.supportedMethods,
      url: '/g/*',
      handler: (request, reply) => {
        reply.hijack();
        this.handler(request.raw, reply.raw);
      },
    });
    done();
  };
}

function answerNotReady(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'cache-control': 'no-store', 'retry-after': '2' });
  response.end();
}
