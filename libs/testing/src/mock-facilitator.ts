import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a mock facilitator does with a payment. `sent` means that it broadcasts it. */
export const facilitatorScripts = [
  /** Sent, and told so. */
  'ok',
  /** Sent after a while, and told so then. */
  'slow',
  /** Told as pending, sent after a while. */
  'delayed',
  /** Not sent, and told so. */
  'declined',
  /** Told as not sent, and sent after that. */
  'declined_then_sent',
  /** The same, for a reason that would come before any sending. */
  'lied_then_sent',
  /** Sent, and never answered. */
  'silent_after_send',
  /** Sent, and the connection breaks. */
  'lost_reply',
  /** Not sent, and the connection breaks. */
  'lost_payment',
  /** Sent, and answered twice in one body. */
  'double_answer',
  /** Not sent, and told as done by a transaction that does not exist. */
  'made_up_tx',
  /** Not sent, and told as done by somebody's transaction of long ago. */
  'old_tx',
  /** Sent, and told for another payer. */
  'other_payer',
  /** Not sent, and answered with something that is no JSON. */
  'garbage',
  /** Not sent, and answered with another place to ask. */
  'redirect',
  /** Not sent, and told that it is too much just now. */
  'busy',
] as const;
export type FacilitatorScript = (typeof facilitatorScripts)[number];

/** A signed payment as it came over the wire. */
export type MockOrder = {
  readonly network: string;
  readonly asset: string;
  readonly signature: string;
  readonly authorization: {
    readonly from: string;
    readonly to: string;
    readonly value: string;
    readonly validAfter: string;
    readonly validBefore: string;
    readonly nonce: string;
  };
};

export type MockFacilitatorOptions = {
  /** CAIP-2. */
  readonly networks: readonly string[];
  /** Broadcasts a payment and resolves to its transaction's hash. */
  readonly carryOut: (order: MockOrder) => Promise<string>;
  /** The transaction that `old_tx` tells of. */
  readonly oldTx?: () => string;
  readonly delayMs?: number;
  readonly port?: number;
};

/** A facilitator over HTTP that does what a test, or a scenario of the sandbox, wrote down for a payer. */
export type MockFacilitator = {
  readonly url: string;
  /** What becomes of the next payments of whoever has no script of their own. */
  otherwise: FacilitatorScript;
  /** What becomes of the first payment of a payer (lower-case). */
  readonly scripts: Map<string, FacilitatorScript>;
  /** Every body of `/settle`, as text. */
  readonly settled: readonly string[];
  /** How many payments it has broadcast. */
  sentCount(): number;
  /** While set, nothing is answered: the connection breaks. */
  isDown: boolean;
  /** Breaks every connection that is open now. */
  hangUp(): void;
  close(): Promise<void>;
};

/** Starts one on the loopback. `POST /script {payer, script}` writes a script down from another process. */
export async function startMockFacilitator(options: MockFacilitatorOptions): Promise<MockFacilitator> {
  const settled: string[] = [];
  const state = { settled, sent: new Map<string, Promise<string>>(), timers: new Set<NodeJS.Timeout>() };
  const server = createServer((request, response) => {
    answer(options, mock, state, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const mock: MockFacilitator = {
    url: `http://127.0.0.1:${port}`,
    otherwise: 'ok',
    scripts: new Map(),
    settled,
    sentCount: () => state.sent.size,
    isDown: false,
    hangUp: () => server.closeAllConnections(),
    close: () => {
      for (const timer of state.timers) clearTimeout(timer);
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return mock;
}

type State = {
  readonly settled: string[];
  /** By nonce: the same payment is broadcast once, however often it comes. */
  readonly sent: Map<string, Promise<string>>;
  readonly timers: Set<NodeJS.Timeout>;
};

async function answer(
  options: MockFacilitatorOptions,
  mock: MockFacilitator,
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (mock.isDown) {
    request.socket.destroy();
    return;
  }
  const body = await textOf(request);
  switch (`${request.method} ${request.url}`) {
    case 'GET /supported': {
      const kinds = options.networks.map((network) => ({ x402Version: 2, scheme: 'exact', network }));
      return write(response, 200, { kinds, extensions: [], signers: {} });
    }
    case 'POST /script': {
      const { payer, script } = JSON.parse(body) as { payer: string; script: FacilitatorScript };
      mock.scripts.set(payer.toLowerCase(), script);
      return write(response, 200, {});
    }
    case 'POST /verify': {
      const order = orderOf(body);
      const script = mock.scripts.get(order.authorization.from.toLowerCase()) ?? mock.otherwise;
      const isValid = script !== 'declined';
      const refusal = isValid ? {} : { invalidReason: 'insufficient_funds' };
      return write(response, 200, { isValid, payer: order.authorization.from, ...refusal });
    }
    case 'POST /settle':
      state.settled.push(body);
      return settle(options, mock, state, orderOf(body), response);
    default:
      return write(response, 404, { error: 'not found' });
  }
}

async function settle(
  options: MockFacilitatorOptions,
  mock: MockFacilitator,
  state: State,
  order: MockOrder,
  response: ServerResponse,
): Promise<void> {
  const { from: payer, nonce } = order.authorization;
  const { network } = order;
  const send = () => {
    const known = state.sent.get(nonce) ?? options.carryOut(order);
    state.sent.set(nonce, known);
    return known;
  };
  const later = (work: () => Promise<void>) => {
    const timer = setTimeout(() => {
      state.timers.delete(timer);
      work().catch(() => response.destroy());
    }, options.delayMs ?? 0);
    state.timers.add(timer);
  };
  const done = (transaction: string) => ({ success: true, transaction, network, payer });
  const refused = (errorReason: string, transaction = '') => ({
    success: false,
    errorReason,
    transaction,
    network,
    payer,
  });
  const script = state.sent.has(nonce) ? 'ok' : (mock.scripts.get(payer.toLowerCase()) ?? mock.otherwise);
  switch (script) {
    case 'ok':
      return write(response, 200, done(await send()));
    case 'slow':
      return later(async () => write(response, 200, done(await send())));
    case 'delayed':
      later(async () => void (await send()));
      return write(response, 500, refused('settlement_pending'));
    case 'declined':
      return write(response, 200, refused('insufficient_funds'));
    case 'declined_then_sent':
    case 'lied_then_sent': {
      const reason = script === 'lied_then_sent' ? 'insufficient_funds' : 'invalid_transaction_state';
      write(response, 200, refused(reason));
      return later(async () => void (await send()));
    }
    case 'silent_after_send':
      return void (await send());
    case 'lost_reply':
      await send();
      return void response.destroy();
    case 'lost_payment':
      return void response.destroy();
    case 'double_answer': {
      const text = JSON.stringify(done(await send()));
      return writeText(response, 200, text + text);
    }
    case 'made_up_tx':
      return write(response, 200, done(`0x${'5c'.repeat(32)}`));
    case 'old_tx':
      return write(response, 200, done(options.oldTx?.() ?? ''));
    case 'other_payer':
      return write(response, 200, { ...done(await send()), payer: `0x${'ee'.repeat(20)}` });
    case 'garbage':
      return writeText(response, 200, '<html>welcome</html>');
    case 'redirect':
      response.writeHead(308, { location: '/elsewhere' });
      return void response.end();
    case 'busy':
      return write(response, 429, { error: 'too many requests' });
  }
}

function orderOf(body: string): MockOrder {
  const { paymentPayload, paymentRequirements } = JSON.parse(body) as {
    paymentPayload: { payload: Pick<MockOrder, 'signature' | 'authorization'> };
    paymentRequirements: Pick<MockOrder, 'network' | 'asset'>;
  };
  const { network, asset } = paymentRequirements;
  return { network, asset, ...paymentPayload.payload };
}

function write(response: ServerResponse, status: number, json: unknown): void {
  writeText(response, status, JSON.stringify(json));
}

function writeText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(text);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
