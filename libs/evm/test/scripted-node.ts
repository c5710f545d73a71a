import { createEvmRpc, type EvmRpc } from '../src/evm-rpc.js';

export type ScriptedCall = { readonly id: number; readonly method: string; readonly params: readonly unknown[] };

/** Answered in place of a result. */
export class ScriptedError {
  constructor(
    readonly code: number,
    readonly message: string,
    readonly data?: string,
  ) {}
}

export type ScriptedNode = {
  readonly rpc: EvmRpc;
  readonly fetch: typeof fetch;
  /** Every HTTP body so far, as its calls. */
  readonly bodies: ScriptedCall[][];
};

export const scriptedNetwork = 'eip155:84532';

/** A node that answers each call by a script; `respond` may replace the whole HTTP answer. */
export function scriptedNode(
  answer: (call: ScriptedCall) => unknown,
  respond: (answers: Record<string, unknown>[], isBatch: boolean) => Response = asJson,
): ScriptedNode {
  const bodies: ScriptedCall[][] = [];
  const fetchFn: typeof fetch = async (_url, init) => {
    const body: ScriptedCall | ScriptedCall[] = JSON.parse(String(init?.body));
    const calls = Array.isArray(body) ? body : [body];
    bodies.push(calls);
    return respond(
      calls.map((call) => answerOf(call, answer(call))),
      Array.isArray(body),
    );
  };
  const rpc = createEvmRpc({ network: scriptedNetwork, url: 'http://127.0.0.1:1', timeoutMs: 1_000, fetch: fetchFn });
  return { rpc, fetch: fetchFn, bodies };
}

function answerOf({ id }: ScriptedCall, result: unknown): Record<string, unknown> {
  if (!(result instanceof ScriptedError)) return { jsonrpc: '2.0', id, result };
  const { code, message, data } = result;
  return { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } };
}

function asJson(answers: Record<string, unknown>[], isBatch: boolean): Response {
  return Response.json(isBatch ? answers : answers[0]);
}
