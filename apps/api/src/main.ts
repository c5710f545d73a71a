import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigError, loadConfig } from '@tollbook/config';
import { problemOf } from '@tollbook/contract';
import { upstreamTimeoutMsMax } from '@tollbook/domain';
import { isRecoveryNative } from '@tollbook/evm';
import { createLogger } from '@tollbook/telemetry';
import { streamSeconds } from '@tollbook/usecases';
import { type FastifyError, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { appModuleOf } from './app.module.js';
import { type ApiParts, compose } from './composition.js';
import { dashboardRoute } from './dashboard/dashboard-route.js';
import { openToBuyers } from './gate/cors.js';
import { leaveContinueToGate } from './gate/expect-continue.js';
import { GateRoute } from './gate/gate-route.js';
import { keepAliveSeconds } from './gate/keep-alive.js';
import { hasTwoReadings } from './has-two-readings.js';
import { takeJsonOnly } from './json-body.js';
import { apiRoutesIn, methodsAt } from './openapi/api-routes.js';
import { payAssetsRoute } from './pay-page/pay-assets-route.js';
import { ProblemFilter } from './problem.filter.js';
import { inboxRoute } from './sandbox/inbox-route.js';
import { openInbox } from './sandbox/open-inbox.js';
import { addSecurityHeaders } from './security-headers.js';

const bodyBytesMax = 100_000;
/** Whoever sends a request's head, or all of it, more slowly than this only wants to keep a connection busy. */
const headersMsMax = 15_000;
/** As long as the largest body may take that is handed on to an upstream. */
const requestMsMax = upstreamTimeoutMsMax + streamSeconds * 1000;

async function start(): Promise<void> {
  const config = loadConfig();
  const parts = await compose(config);
  const app = await createApp(parts);
  await parts.snapshot.start();
  await app.listen(config.port, config.host);
  parts.logger.info({ host: config.host, port: config.port, isRecoveryNative }, 'api listened');
  process.send?.({ type: 'ready' });
  endWith(app, parts);
}

async function createApp(parts: ApiParts): Promise<NestFastifyApplication> {
  const instance = fastify({
    logger: false,
    bodyLimit: bodyBytesMax,
    keepAliveTimeout: keepAliveSeconds * 1000,
    requestTimeout: requestMsMax,
    // A request without a Host is answered like every other that cannot be read.
    http: { headersTimeout: headersMsMax, connectionsCheckingInterval: headersMsMax / 2, requireHostHeader: false },
    genReqId: nextRequestId,
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
  });
  leaveContinueToGate(instance.server);
  const route = new GateRoute();
  addSecurityHeaders(instance);
  takeJsonOnly(instance);
  openToBuyers(instance);
  void instance.register(route.plugin);
  route.standBefore(instance.server);
  refuseTwoReadings(instance.server);
  parts.lastRequests.standBefore(instance.server);
  void instance.register(inboxRoute(openInbox(parts)));
  void instance.register(dashboardRoute());
  void instance.register(payAssetsRoute);
  const app = await NestFactory.create<NestFastifyApplication>(
    appModuleOf(parts, route),
    new FastifyAdapter(instance),
    {
      logger: false,
      abortOnError: false,
      bodyParser: false,
    },
  );
  const routes = apiRoutesIn(app.get(ModulesContainer));
  app.useGlobalFilters(new ProblemFilter(parts.report, (path) => methodsAt(routes, path)));
  return app;
}

const processPart = randomBytes(6).toString('hex');
let requests = 0;

/** Unlike any other request's, and cheap: made for every unpaid one too. */
function nextRequestId(): string {
  requests += 1;
  return `req_${processPart}${requests.toString(36)}`;
}

/** An URL that cannot be decoded has more than one reading, under `/g/` as elsewhere. */
function answerFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const code = error.code === 'FST_ERR_BAD_URL' ? 'path_not_canonical' : 'request_invalid';
  const body = JSON.stringify({ ...problemOf(code, 'The request target cannot be read.'), requestId: request.id });
  void reply.status(400).header('content-type', 'application/problem+json').send(body);
}

/** Stands before the gate and Fastify, which would each answer what it read. */
function refuseTwoReadings(server: Server): void {
  const others = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (hasTwoReadings(request)) answerClientError(new Error('two readings'), request.socket);
    else for (const each of others) each.call(server, request, response);
  });
  // Nobody is connected to anybody through this server.
  server.on('connect', (_request, socket: Duplex) => answerClientError(new Error('connect'), socket));
}

/** What is not HTTP, or more of it than the server takes, gets one answer and a closed connection. */
function answerClientError(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const line = clientErrorLines[error.code ?? ''] ?? '400 Bad Request';
  const problem = {
    ...problemOf('request_invalid', 'This is no request that can be read.'),
    status: Number(line.slice(0, 3)),
  };
  const body = JSON.stringify(problem);
  const head = ['content-type: application/problem+json', `content-length: ${body.length}`, 'connection: close'];
  socket.end([`HTTP/1.1 ${line}`, ...head, '', body].join('\r\n'));
}

const clientErrorLines: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/**
 * How long requests that run when the process is told to end may go on, most of them for a settlement. A supervisor has
 * the database to end after us, and kills us after five seconds; without one everything ends within ten.
 */
const lastMsMax = process.send ? 4_000 : 8_000;
/** What is left is written, and nothing that hangs keeps the process. */
const endMsMax = lastMsMax + 800;

/** Ends when told, and when the supervisor that started this process is gone. */
function endWith(app: NestFastifyApplication, parts: ApiParts): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(0), endMsMax).unref();
    const closed = parts.lastRequests.end(app.getHttpServer(), () => app.close(), lastMsMax).then(() => parts.close());
    closed.then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (process.send) process.on('disconnect', end);
}

start().catch((error: unknown) => {
  const logger = createLogger({ name: 'api', level: 'info' });
  const isConfig = error instanceof ConfigError;
  logger.fatal({ err: error }, isConfig ? error.message : 'api did not start');
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 100);
});
