import { WebSocket } from 'undici';
import { rpcEndpoint } from './rpc-endpoint.js';
import { readField, readInteger, readQuantity } from './rpc-value.js';

/** What of a WebSocket is needed; undici's has it. */
export type Socket = {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: (() => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(): void;
};

export type HeadSocketOptions = {
  readonly chainId: number;
  /** Tried one after the other. They may hold keys, and are never told. */
  readonly urls: readonly string[];
  /** How often a block comes usually. */
  readonly blockMs: number;
  readonly onHead: (number: bigint) => void;
  /** What is wrong, and null once it is right again. */
  readonly onTrouble: (reason: string | null) => void;
  /** undici's WebSocket by default. */
  readonly open?: (url: string, headers: Readonly<Record<string, string>>) => Socket;
};

/** New blocks as a node tells them. */
export type HeadSocket = {
  /** Whether blocks arrive. An open socket says nothing: one may be silent for days. */
  isAlive(): boolean;
  stop(): void;
};

/** Three blocks, and what a network takes. */
const silentBlocksMax = 3;
const silentMsMore = 5_000;
const retryMs = 1_000;
const retryMsMax = 60_000;
const [chainIdCall, subscribeCall] = [1, 2];

/**
 * Listens to new blocks, on the chain that it should be: that is asked at every connection, before any block is believed.
 * Where none arrives for three block times and five seconds, another connection is made, at the next address.
 */
export function createHeadSocket(options: HeadSocketOptions): HeadSocket {
  const { chainId, urls, onHead, onTrouble } = options;
  const open = options.open ?? openSocket;
  const silentMs = silentBlocksMax * options.blockMs + silentMsMore;
  let isStopped = false;
  let isAlive = false;
  let failures = 0;
  let at = 0;
  let socket: Socket | null = null;
  let timer: NodeJS.Timeout | undefined;

  function connect(): void {
    if (isStopped) return;
    const endpoint = rpcEndpoint((urls[at % urls.length] ?? '').replace(/^ws/, 'http'));
    const own = open(endpoint.url.replace(/^http/, 'ws'), endpoint.headers);
    let isRightChain = false;
    socket = own;
    watch('no block arrived');
    own.onopen = () => {
      own.send(JSON.stringify({ jsonrpc: '2.0', id: chainIdCall, method: 'eth_chainId', params: [] }));
    };
    own.onclose = () => fail(own, 'the connection was closed');
    own.onerror = () => fail(own, 'the connection failed');
    own.onmessage = ({ data }) => {
      if (socket !== own) return;
      const message = parseJson(data);
      if (readField(message, 'error') !== undefined) return fail(own, 'the node refused to tell of blocks');
      if (readField(message, 'id') === chainIdCall) {
        const reported = readInteger(readField(message, 'result'));
        if (reported !== chainId) return fail(own, `its node is of chain ${reported ?? 'nonsense'}, not ${chainId}`);
        isRightChain = true;
        own.send(JSON.stringify({ jsonrpc: '2.0', id: subscribeCall, method: 'eth_subscribe', params: ['newHeads'] }));
        return;
      }
      const head = readField(readField(message, 'params'), 'result');
      const number = readQuantity(readField(head, 'number'));
      if (number === undefined || !isRightChain) return;
      failures = 0;
      if (!isAlive) onTrouble(null);
      isAlive = true;
      watch('no block arrived');
      onHead(number);
    };
  }

  /** The one clock of a connection: every block winds it up again. */
  function watch(reason: string): void {
    clearTimeout(timer);
    const own = socket;
    timer = setTimeout(() => own && fail(own, reason), silentMs);
  }

  function fail(own: Socket, reason: string): void {
    if (socket !== own || isStopped) return;
    socket = null;
    isAlive = false;
    own.close();
    onTrouble(reason);
    failures += 1;
    at += 1;
    clearTimeout(timer);
    timer = setTimeout(connect, Math.min(retryMs * 2 ** Math.min(failures - 1, 10), retryMsMax));
  }

  connect();
  return {
    isAlive: () => isAlive,
    stop() {
      isStopped = true;
      isAlive = false;
      clearTimeout(timer);
      socket?.close();
      socket = null;
    },
  };
}

function openSocket(url: string, headers: Readonly<Record<string, string>>): Socket {
  const socket: Socket = {
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: (text) => inner.send(text),
    close: () => inner.close(),
  };
  const inner = new WebSocket(url, { headers: { ...headers } });
  inner.onopen = () => socket.onopen?.();
  inner.onmessage = ({ data }) => socket.onmessage?.({ data });
  inner.onclose = () => socket.onclose?.();
  inner.onerror = () => socket.onerror?.();
  return socket;
}

function parseJson(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
