import { Readable } from 'node:stream';
import { Agent } from 'undici';
import { createAddressPolicy } from './address-policy.js';
import {
  collectExchange,
  type ExchangeInput,
  type OutboundAnswer,
  type OutboundStream,
  startExchange,
} from './exchange.js';
import { frameHeaders, type HeaderFields } from './frame-headers.js';
import { OutboundError } from './outbound-error.js';
import { parseTarget } from './parse-target.js';
import { createPinnedConnector } from './pinned-connector.js';
import { type ResolveName, resolveBySystem } from './resolve-vetted.js';

const CONNECT_TIMEOUT_MS = 5_000;
const HEADER_BYTES_MAX = 16 * 1024;
const CONNECTIONS_PER_ORIGIN_MAX = 512;
const IDLE_CONNECTION_MS = 4_000;
/** A server may ask for longer keep-alive; addresses are vetted anew at least this often between requests. */
const IDLE_CONNECTION_MS_MAX = 30_000;

/** What is sent, and how long the head of the answer may take, measured from the call. */
export type OutboundStreamRequest = {
  url: string;
  method: string;
  headers?: HeaderFields;
  /** A stream is read once and destroyed when the call fails. */
  body?: Uint8Array | Readable | undefined;
  signal?: AbortSignal | undefined;
  headersTimeoutMs: number;
  /** For the whole exchange, measured from the call; left out: none. */
  totalTimeoutMs?: number | undefined;
  /** The longest silence within the body while it is being read, accurate to a second; left out: none. */
  bodyIdleTimeoutMs?: number | undefined;
};

/** A request whose answer is read whole, up to `maxBodyBytes`. */
export type OutboundRequest = OutboundStreamRequest & {
  totalTimeoutMs: number;
  maxBodyBytes: number;
  onTooLarge: 'truncate' | 'fail';
};

/** An answer of any status, redirects included: they are never followed. The body is as sent, never decompressed. */
export type OutboundResponse = OutboundAnswer;

/** The one HTTP client for every configured URL. Failures are OutboundErrors. */
export type OutboundClient = {
  /** Sends a request and reads its answer. */
  request: (options: OutboundRequest) => Promise<OutboundResponse>;
  /** Sends a request and hands its answer on while it arrives; the caller reads `body` to its end or destroys it. */
  stream: (options: OutboundStreamRequest) => Promise<OutboundStream>;
  /** Closes all connections; running calls fail as `aborted`. */
  close: () => Promise<void>;
};

/** `resolveName` and `trustedCertificatesPem` replace the system's resolver and Node's authorities. */
export type OutboundClientOptions = {
  allowCidrs: readonly string[];
  userAgent: string;
  connectTimeoutMs?: number;
  resolveName?: ResolveName;
  trustedCertificatesPem?: string;
};

/**
 * Makes a client that connects to public unicast addresses and to those inside `allowCidrs`, and to no others:
 * all addresses of a name are vetted, and only vetted ones are dialled. Caller headers that frame the message
 * (`host`, `connection`, `transfer-encoding`, `content-length` of a buffer) are replaced by our own.
 */
export function createOutboundClient(options: OutboundClientOptions): OutboundClient {
  const agent = new Agent({
    connect: createPinnedConnector({
      isAllowed: createAddressPolicy(options.allowCidrs),
      resolveName: options.resolveName ?? resolveBySystem,
      connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      trustedCertificatesPem: options.trustedCertificatesPem,
    }),
    connections: CONNECTIONS_PER_ORIGIN_MAX,
    maxHeaderSize: HEADER_BYTES_MAX,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    keepAliveMaxTimeout: IDLE_CONNECTION_MS_MAX,
  });
  const { userAgent } = options;
  return {
    stream: async (request) => startExchange(agent, exchangeOf(userAgent, request)),
    request: async (request) => collectExchange(agent, exchangeOf(userAgent, request), request),
    close: () => agent.destroy(),
  };
}

function exchangeOf(userAgent: string, request: OutboundStreamRequest): ExchangeInput {
  const { origin, path } = parseTarget(request.url);
  const method = request.method.toUpperCase();
  // A tunnel would carry bytes past every check made here.
  if (method === 'CONNECT') throw new OutboundError('invalid_request', false);
  return {
    request: {
      origin,
      path,
      method,
      headers: frameHeaders(request.headers ?? [], userAgent, request.body instanceof Readable),
      body: request.body ?? null,
      // Ours are exact and cover the wait for a connection; undici's start later and tick twice a second.
      headersTimeout: 0,
      bodyTimeout: request.bodyIdleTimeoutMs ?? 0,
    },
    signal: request.signal,
    headersTimeoutMs: request.headersTimeoutMs,
    totalTimeoutMs: request.totalTimeoutMs,
  };
}
