/** What a transaction offers for gas, in wei a unit. */
export type GasFees = { readonly maxFeePerGasWei: bigint; readonly maxPriorityFeePerGasWei: bigint };

/** Nodes take a transaction in the place of one with its nonce only where both fees are an eighth higher. */
const riseNumerator = 9n;
const riseDenominator = 8n;

/**
 * Fees of a transaction that takes the place of one that is stuck: an eighth above what was offered, and no less than
 * is asked now, as far as `maxFeePerGasWeiMax` allows. Null where an eighth more is above it: then it waits.
 */
export function replacementFees(offered: GasFees, asked: GasFees, maxFeePerGasWeiMax: bigint): GasFees | null {
  const least = raised(offered.maxFeePerGasWei);
  if (least > maxFeePerGasWeiMax) return null;
  const wanted = larger(least, asked.maxFeePerGasWei);
  const maxFeePerGasWei = wanted > maxFeePerGasWeiMax ? maxFeePerGasWeiMax : wanted;
  const maxPriorityFeePerGasWei = larger(raised(offered.maxPriorityFeePerGasWei), asked.maxPriorityFeePerGasWei);
  return maxPriorityFeePerGasWei > maxFeePerGasWei ? null : { maxFeePerGasWei, maxPriorityFeePerGasWei };
}

function raised(wei: bigint): bigint {
  return (wei * riseNumerator + riseDenominator - 1n) / riseDenominator;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
