import { SandboxRpcError } from './sandbox-rpc-error.js';

/** One JSON-RPC call: its method and positional parameters. */
export interface RpcCall {
  method: string;
  params?: readonly unknown[];
}

/** A JSON-RPC client of one node; every method throws `SandboxRpcError`. */
export interface Rpc {
  readonly url: string;
  call(method: string, params?: readonly unknown[]): Promise<unknown>;
  /** Sends several calls as one HTTP request and answers in their order; the first refusal is thrown. */
  callAll(calls: readonly RpcCall[]): Promise<unknown[]>;
}

/** Makes a client that speaks HTTP to `url` and gives up on an answer after `timeoutMs`. */
export function createRpc(url: string, timeoutMs = 30_000): Rpc {
  const callAll = async (calls: readonly RpcCall[]): Promise<unknown[]> => {
    const requests = calls.map(({ method, params = [] }, id) => ({ jsonrpc: '2.0', id, method, params }));
    const label = calls.map((call) => call.method).join('+');
    const answers = await post(url, requests, { label, timeoutMs });
    return calls.map(({ method }, id) => resultOf(method, answers.get(id)));
  };
  return {
    url,
    callAll,
    call: async (method, params = []) => {
      const [result] = await callAll([{ method, params }]);
      return result;
    },
  };
}

async function post(
  url: string,
  requests: readonly unknown[],
  options: { label: string; timeoutMs: number },
): Promise<Map<number, object>> {
  let parsed: unknown;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(requests),
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    parsed = await response.json();
  } catch (cause) {
    throw new SandboxRpcError(options.label, 'no answer from the sandbox chain', { cause });
  }
  const answers = new Map<number, object>();
  for (const answer of Array.isArray(parsed) ? parsed : [parsed]) {
    if (isObject(answer) && 'id' in answer && typeof answer.id === 'number') answers.set(answer.id, answer);
  }
  return answers;
}

function resultOf(method: string, answer: object | undefined): unknown {
  if (answer === undefined) throw new SandboxRpcError(method, 'the answer is missing or malformed');
  if ('error' in answer && isObject(answer.error)) {
    const { error } = answer;
    const message = 'message' in error ? String(error.message) : JSON.stringify(error);
    throw new SandboxRpcError(method, message, { code: 'code' in error ? Number(error.code) : 0 });
  }
  return 'result' in answer ? answer.result : null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
