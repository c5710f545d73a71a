import { ChainUnavailable } from '@tollbook/usecases';
import { matchAnswers, type RpcOutcome } from './match-answers.js';
import { postJson } from './post-json.js';
import { rpcEndpoint } from './rpc-endpoint.js';

export type RpcCall = { readonly method: string; readonly params: readonly unknown[] };

/**
 * A node of one network. Nothing is retried and nothing is hidden: a failure is `ChainUnavailable`, with the node's own
 * `EvmRpcError` as its cause when there is one (`rpcErrorOf`). Messages never hold the URL or its credentials.
 */
export interface EvmRpc {
  readonly network: string;
  /** The result of one call; throws `ChainUnavailable`. */
  request(method: string, params: readonly unknown[], options?: { readonly timeoutMs?: number }): Promise<unknown>;
  /**
   * Calls of one HTTP body, outcomes in their order. Throws `ChainUnavailable` unless each call got exactly one answer;
   * an error that the node answered to a single call is an outcome.
   */
  batch(calls: readonly RpcCall[]): Promise<readonly RpcOutcome[]>;
}

export type EvmRpcOptions = {
  /** CAIP-2, for messages only. */
  readonly network: string;
  readonly url: string;
  /** From sending to the last byte of the answer. */
  readonly timeoutMs: number;
  /** The global fetch by default. */
  readonly fetch?: typeof fetch;
};

/** A thin JSON-RPC client; throws at once when the URL is none, without naming it. */
export function createEvmRpc(options: EvmRpcOptions): EvmRpc {
  const endpoint = rpcEndpoint(options.url);
  const fetchFn = options.fetch ?? fetch;
  let lastId = 0;

  async function exchange(calls: readonly RpcCall[], isBatch: boolean, timeoutMs: number): Promise<RpcOutcome[]> {
    const firstId = lastId + 1;
    lastId += calls.length;
    const bodies = calls.map(({ method, params }, index) => ({ jsonrpc: '2.0', id: firstId + index, method, params }));
    const label = isBatch ? `${calls[0]?.method} and ${calls.length - 1} more` : calls[0]?.method;
    const unavailable = (reason: string, cause?: Error) =>
      new ChainUnavailable(options.network, `${label}: ${reason}`, cause && { cause });
    const answer = await postJson({ endpoint, fetchFn, body: isBatch ? bodies : bodies[0], timeoutMs, unavailable });
    return matchAnswers({ answer, firstId, count: calls.length, redact: endpoint.redact, unavailable });
  }

  return {
    network: options.network,
    async request(method, params, { timeoutMs = options.timeoutMs } = {}) {
      const [outcome] = await exchange([{ method, params }], false, timeoutMs);
      return resultOf(options.network, method, outcome);
    },
    async batch(calls) {
      return calls.length === 0 ? [] : exchange(calls, true, options.timeoutMs);
    },
  };
}

/** The value of an outcome; throws `ChainUnavailable` on one that is an error, with that error as its cause. */
export function resultOf(network: string, what: string, outcome: RpcOutcome | undefined): unknown {
  if (outcome?.kind === 'result') return outcome.value;
  if (!outcome) throw new ChainUnavailable(network, `${what}: no answer`);
  throw new ChainUnavailable(network, `${what}: ${outcome.error.message}`, { cause: outcome.error });
}
