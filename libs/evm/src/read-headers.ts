import type { BlockHeader } from '@tollbook/domain';
import { ChainUnavailable } from '@tollbook/usecases';
import { type EvmRpc, type RpcCall, resultOf } from './evm-rpc.js';
import { readHeader, toQuantity } from './rpc-value.js';

/** Providers refuse bodies of many hundred calls. */
const batchCallsMax = 100;

/** Results of any number of calls of one method, in parts that providers take; throws at the first error. */
export async function readAll(rpc: EvmRpc, calls: readonly RpcCall[]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (let from = 0; from < calls.length; from += batchCallsMax) {
    const part = calls.slice(from, from + batchCallsMax);
    const outcomes = await rpc.batch(part);
    results.push(...outcomes.map((outcome, index) => resultOf(rpc.network, part[index]?.method ?? '', outcome)));
  }
  return results;
}

/** Headers in the order of `numbers`; null where the node has no such block. */
export async function readHeaders(rpc: EvmRpc, numbers: readonly bigint[]): Promise<(BlockHeader | null)[]> {
  const calls = numbers.map((number) => ({ method: 'eth_getBlockByNumber', params: [toQuantity(number), false] }));
  const answers = await readAll(rpc, calls);
  return answers.map((answer, index) => {
    if (answer === null) return null;
    const header = readHeader(answer);
    if (!header || header.number !== numbers[index])
      throw new ChainUnavailable(rpc.network, 'a header is not the one asked for');
    return header;
  });
}
