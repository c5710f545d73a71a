import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyPluginCallback } from 'fastify';
import { isGateInDisguise } from './is-gate-in-disguise.js';

export type GateHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The gate's place in the server. What is written as a path of the gate is answered before Fastify sees it: its router,
 * its objects for a request and the hooks that the framework adds to every route would cost a buyer as much as the offer.
 * What Fastify reads as such a path all the same (`/%67/…`) comes by its route, to the same handler. The gate's module
 * opens it when everything that answers is there.
 */
export class GateRoute {
  private handler: GateHandler = answerNotReady;

  /** Sends requests under `/g/` to `handler` from now on. */
  open(handler: GateHandler): void {
    this.handler = handler;
  }

  /** A server that closes sends everybody to Fastify, which tells clients to leave. */
  standBefore(server: Server): void {
    const others = server.listeners('request');
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const target = request.url ?? '';
      const isGates = target.startsWith('/g/') || isGateInDisguise(target);
      if (isGates && server.listening) this.handler(request, response);
      else for (const each of others) each.call(server, request, response);
    });
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
