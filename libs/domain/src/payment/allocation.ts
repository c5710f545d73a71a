export const allocationBuckets = [
  'payment',
  'partial',
  'overpayment',
  'late',
  'duplicate',
  'unmatched',
  'dust',
  'self',
  'refund',
  'sweep',
] as const;
export type AllocationBucket = (typeof allocationBuckets)[number];

export const matchMethods = ['nonce', 'signature', 'memo', 'reference', 'tx_hash', 'amount', 'hand', 'none'] as const;
export type MatchMethod = (typeof matchMethods)[number];

/** Whether money in this bucket pays its intent. Late, over and duplicate money does not: ended states absorb (I19). */
export function isPaymentBucket(bucket: AllocationBucket): boolean {
  return bucket === 'payment' || bucket === 'partial';
}

/** What pays an intent, of all that was allocated to it, with what was forgiven of it; in the intent's own asset. */
export function paidAtomic(
  allocations: readonly {
    readonly bucket: AllocationBucket;
    readonly amountAtomic: bigint;
    readonly forgivenAtomic?: bigint;
  }[],
): bigint {
  return allocations.reduce(
    (sum, each) => (isPaymentBucket(each.bucket) ? sum + each.amountAtomic + (each.forgivenAtomic ?? 0n) : sum),
    0n,
  );
}
