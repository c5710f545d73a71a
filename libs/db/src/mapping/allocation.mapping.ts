import { allocationBuckets, matchMethods } from '@tollbook/domain';
import type { AllocationRecord } from '@tollbook/usecases';
import { fromDbHex, fromDbWord } from './column.mapping.js';

/** A row of allocations with its transfer's transaction, and whether its block is final by the network's cursor. */
export type AllocationRow = {
  readonly book_id: number;
  readonly allocation_id: string;
  readonly transfer_id: string;
  readonly leg: number;
  readonly intent_id: string | null;
  readonly bucket: string;
  readonly amount_atomic: string;
  readonly matched_by: string;
  readonly actor_id: string | null;
  readonly refund_id: string | null;
  readonly forgiven_atomic: string;
  readonly tx_hash: Uint8Array;
  readonly is_final: boolean;
};

/** An allocation as use cases see it. */
export function fromDbAllocation(row: AllocationRow): AllocationRecord {
  return {
    bookId: row.book_id,
    allocationId: row.allocation_id,
    transferId: row.transfer_id,
    leg: row.leg,
    intentId: row.intent_id,
    bucket: fromDbWord(allocationBuckets, row.bucket),
    amountAtomic: BigInt(row.amount_atomic),
    matchedBy: fromDbWord(matchMethods, row.matched_by),
    actorId: row.actor_id,
    refundId: row.refund_id,
    forgivenAtomic: BigInt(row.forgiven_atomic),
    txHash: fromDbHex(row.tx_hash),
    isFinal: row.is_final,
  };
}
