import type { EvmRpc } from './evm-rpc.js';
import type { RateBudget } from './rate-budget.js';

export type MeterOptions = {
  /** Kept to before anything is sent; none is no limit. */
  readonly budget: RateBudget | undefined;
  /** Told of every request, with the calls in it: providers bill those. */
  readonly onAsked: (calls: number) => void;
};

/** The same node, counted, and asked no faster than its budget allows. */
export function meteredRpc(rpc: EvmRpc, { budget, onAsked }: MeterOptions): EvmRpc {
  const ask = async <T>(calls: number, question: () => Promise<T>): Promise<T> => {
    await budget?.take(calls);
    onAsked(calls);
    return question();
  };
  return {
    network: rpc.network,
    request: (method, params, options) => ask(1, () => rpc.request(method, params, options)),
    batch: (calls) => ask(calls.length, () => rpc.batch(calls)),
  };
}
