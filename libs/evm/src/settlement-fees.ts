import type { GasFees } from '@tollbook/domain';
import { ChainUnavailable } from '@tollbook/usecases';
import { type EvmRpc, resultOf } from './evm-rpc.js';
import { readField, readQuantity } from './rpc-value.js';

/** What the gas key is ready to pay per unit of gas, in wei. */
export type FeePolicy = {
  /** The base fee may rise by this factor before a transaction sticks; only the base fee of its block is paid. */
  readonly baseFeeMultiplier: bigint;
  /** The least that is offered to the block's builder. */
  readonly tipWeiMin: bigint;
  /** No settlement is prepared, and none replaced, above this. */
  readonly maxFeePerGasWeiMax: bigint;
};

/** Twice the base fee, a tip of at least 0.001 gwei, at most 1,000 gwei together. */
export const defaultFeePolicy: FeePolicy = {
  baseFeeMultiplier: 2n,
  tipWeiMin: 1_000_000n,
  maxFeePerGasWeiMax: 1_000_000_000_000n,
};

/** What is asked now; `baseFeeWei` is what every transaction of the next block pays at least. */
export type SettlementFees = GasFees & { readonly baseFeeWei: bigint };

const cacheMs = 4_000;

/** Fees for now, at most four seconds old, whatever the policy's cap; throws `ChainUnavailable`. */
export function createSettlementFees(
  rpc: EvmRpc,
  policy: FeePolicy,
  nowMs: () => number,
): () => Promise<SettlementFees> {
  let cached: { readonly atMs: number; readonly fees: Promise<SettlementFees> } | null = null;
  return async () => {
    const current = cached;
    if (current && nowMs() - current.atMs < cacheMs) return current.fees;
    const next = { atMs: nowMs(), fees: readFees(rpc, policy) };
    cached = next;
    try {
      return await next.fees;
    } catch (error) {
      // Callers of this moment share the failure; the next one asks again.
      if (cached === next) cached = null;
      throw error;
    }
  };
}

async function readFees(rpc: EvmRpc, policy: FeePolicy): Promise<SettlementFees> {
  const [block, price] = await rpc.batch([
    { method: 'eth_getBlockByNumber', params: ['latest', false] },
    { method: 'eth_gasPrice', params: [] },
  ]);
  const baseFee = readQuantity(readField(resultOf(rpc.network, 'eth_getBlockByNumber', block), 'baseFeePerGas'));
  const gasPrice = readQuantity(resultOf(rpc.network, 'eth_gasPrice', price));
  if (baseFee === undefined || gasPrice === undefined) {
    throw new ChainUnavailable(rpc.network, 'fees: the node tells no base fee or no gas price');
  }
  // A node's gas price is its base fee and the tip it suggests.
  const suggestedTip = gasPrice > baseFee ? gasPrice - baseFee : 0n;
  const maxPriorityFeePerGasWei = suggestedTip > policy.tipWeiMin ? suggestedTip : policy.tipWeiMin;
  const maxFeePerGasWei = baseFee * policy.baseFeeMultiplier + maxPriorityFeePerGasWei;
  return { baseFeeWei: baseFee, maxFeePerGasWei, maxPriorityFeePerGasWei };
}
