import type { AllocationRow } from '../mapping/allocation.mapping.js';
import type { Session } from '../session.js';

/** A transfer is final when the network's own cursor says so of its block; nothing about it is stored beside it. */
const columns = `al.book_id, al.allocation_id, al.transfer_id, al.leg, al.intent_id, al.bucket, al.amount_atomic,
  al.matched_by, al.actor_id, al.refund_id, al.forgiven_atomic, t.tx_hash, coalesce(c.final_number >= t.block_number, false) as is_final`;
const joins = `join transfers t on t.book_id = al.book_id and t.transfer_id = al.transfer_id
  left join cursors c on c.network_id = t.network_id and c.lane = 0`;

const ofIntents = {
  name: 'select_allocations_of_intents',
  text: `select ${columns}
    from unnest($1::integer[], $2::uuid[]) as u (book_id, intent_id)
    join allocations al on al.book_id = u.book_id and al.intent_id = u.intent_id and al.reversed_at is null
    ${joins}
    order by al.book_id, al.intent_id, al.allocation_id`,
};

const ofTransfers = {
  name: 'select_allocations_of_transfers',
  text: `select ${columns}
    from unnest($1::integer[], $2::uuid[]) as u (book_id, transfer_id)
    join allocations al on al.book_id = u.book_id and al.transfer_id = u.transfer_id and al.reversed_at is null
    ${joins}
    order by al.book_id, al.transfer_id, al.leg`,
};

/** Active allocations of intents. */
export async function selectAllocationsOfIntents(
  session: Session,
  keys: readonly { readonly bookId: number; readonly intentId: string }[],
): Promise<AllocationRow[]> {
  const values = [keys.map((key) => key.bookId), keys.map((key) => key.intentId)];
  return (await session.run<AllocationRow>(ofIntents, values)).rows;
}

/** Active allocations of transfers. */
export async function selectAllocationsOfTransfers(
  session: Session,
  keys: readonly { readonly bookId: number; readonly transferId: string }[],
): Promise<AllocationRow[]> {
  const values = [keys.map((key) => key.bookId), keys.map((key) => key.transferId)];
  return (await session.run<AllocationRow>(ofTransfers, values)).rows;
}
