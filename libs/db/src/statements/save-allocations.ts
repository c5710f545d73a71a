import type { AllocationRecord } from '@tollbook/usecases';
import type { Session } from '../session.js';

const insert = {
  name: 'insert_allocations',
  text: `insert into allocations
      (book_id, allocation_id, transfer_id, leg, intent_id, bucket, amount_atomic, matched_by, actor_id, refund_id,
        forgiven_atomic)
    select * from unnest($1::integer[], $2::uuid[], $3::uuid[], $4::smallint[], $5::uuid[], $6::text[], $7::numeric[],
      $8::text[], $9::text[], $10::uuid[], $11::numeric[])`,
};

const reverse = {
  name: 'reverse_allocations',
  text: `update allocations al set reversed_at = now()
    from unnest($1::integer[], $2::uuid[]) as u (book_id, allocation_id)
    where al.book_id = u.book_id and al.allocation_id = u.allocation_id and al.reversed_at is null`,
};

/** Writes allocations; a transfer that is allocated already is a unique violation. */
export async function insertAllocations(session: Session, allocations: readonly AllocationRecord[]): Promise<void> {
  await session.run(insert, [
    allocations.map((allocation) => allocation.bookId),
    allocations.map((allocation) => allocation.allocationId),
    allocations.map((allocation) => allocation.transferId),
    allocations.map((allocation) => allocation.leg),
    allocations.map((allocation) => allocation.intentId),
    allocations.map((allocation) => allocation.bucket),
    allocations.map((allocation) => allocation.amountAtomic),
    allocations.map((allocation) => allocation.matchedBy),
    allocations.map((allocation) => allocation.actorId ?? null),
    allocations.map((allocation) => allocation.refundId ?? null),
    allocations.map((allocation) => allocation.forgivenAtomic ?? 0n),
  ]);
}

/** Ends allocations; those that ended before keep their time. */
export async function reverseAllocations(
  session: Session,
  keys: readonly { readonly bookId: number; readonly allocationId: string }[],
): Promise<void> {
  await session.run(reverse, [keys.map((key) => key.bookId), keys.map((key) => key.allocationId)]);
}
