import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import {
  createOutboundClient,
  type OutboundClient,
  type OutboundClientOptions,
  type OutboundRequest,
  type OutboundResponse,
} from '../create-outbound-client.js';
import { OutboundError } from '../outbound-error.js';

const LIMITS = { headersTimeoutMs: 4_000, totalTimeoutMs: 4_000, maxBodyBytes: 1_000, onTooLarge: 'fail' } as const;

/** A client with limits set, so that a test shows only the one it is about. */
export type TestClient = OutboundClient & {
  get: (url: string, more?: Partial<OutboundRequest>) => Promise<OutboundResponse>;
};

/** Servers on loopback and clients that may reach them, all closed by `close`. */
export class LocalPeers {
  readonly #closers: (() => Promise<void> | void)[] = [];

  /** Serves HTTP; resolves with the URL, without a slash at the end. */
  serve(listener: RequestListener): Promise<string> {
    return this.listen(createHttpServer(listener), 'http');
  }

  /** Accepts connections and leaves what is said on them to the test. */
  servePlain(onConnection: (socket: Socket) => void): Promise<string> {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      onConnection(socket);
    });
    return this.listen(server, 'http');
  }

  async listen(server: Server, scheme: 'http' | 'https'): Promise<string> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#closers.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    return `${scheme}://127.0.0.1:${address.port}`;
  }

  client(options: Partial<OutboundClientOptions> = {}): TestClient {
    const client = createOutboundClient({ allowCidrs: ['127.0.0.0/8'], userAgent: 'Tollbook/test', ...options });
    this.#closers.push(() => client.close());
    return { ...client, get: (url, more) => client.request({ url, method: 'GET', ...LIMITS, ...more }) };
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}

/** What a failed call tells its caller; throws when it did not fail, or with anything but an OutboundError. */
export async function failureOf(call: Promise<unknown>): Promise<{ code: string; isSent: boolean; message: string }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof OutboundError) return { code: error.code, isSent: error.isSent, message: error.message };
    throw error;
  }
  throw new Error('the call succeeded');
}

/** A promise that a test settles from elsewhere. */
export function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** The whole body of a message, as text. */
export async function textOf(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of message) text += chunk;
  return text;
}
