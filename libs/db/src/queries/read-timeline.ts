import type { DiscrepancyRow } from '../mapping/discrepancy.mapping.js';
import type { TransferRow } from '../mapping/transfer.mapping.js';
import type { Session } from '../session.js';
import { transferColumns } from '../statements/transfer-columns.js';
import { discrepancyRow } from './list-discrepancies.js';

/** A transfer with its network's heights, null before the first scan. */
export type StagedTransferRow = TransferRow & {
  readonly orphaned_at: Date | null;
  readonly head_number: bigint | null;
  readonly confirmed_number: bigint | null;
  readonly final_number: bigint | null;
};

export type EventRow = {
  readonly event_id: string;
  readonly type: string;
  readonly sequence: number;
  readonly from_status: string | null;
  readonly to_status: string | null;
  readonly evidence: unknown;
  readonly created_at: Date;
};

/** Those that were ever allocated to the intent, and those that carry out an attempt of it and are only seen yet. */
const transfers = {
  name: 'read_transfers_of_intent',
  text: `select ${transferColumns('t')}, t.orphaned_at, c.head_number, c.confirmed_number, c.final_number
    from (
      select al.transfer_id from allocations al where al.book_id = $1 and al.intent_id = $2
      union
      select named.transfer_id
      from attempts a
      join transfers named on named.book_id = a.book_id and named.tx_hash = a.tx_hash
        and named.network_id = a.network_id and named.replay_key = a.replay_key
      where a.book_id = $1 and a.intent_id = $2
    ) mine
    join transfers t on t.book_id = $1 and t.transfer_id = mine.transfer_id
    left join cursors c on c.network_id = t.network_id and c.lane = 0
    order by t.block_number, t.position, t.transfer_id`,
};

const events = {
  name: 'read_events_of_intent',
  text: `select e.event_id, e.type, e.sequence, e.from_status, e.to_status, e.evidence, e.created_at
    from events e
    where e.book_id = $1 and e.intent_id = $2
    order by e.sequence`,
};

const discrepancies = {
  name: 'read_discrepancies_of_intent',
  text: `${discrepancyRow} where d.book_id = $1 and d.intent_id = $2 order by d.discrepancy_id`,
};

/** Transfers of an intent, oldest block first. */
export async function readTransfersOfIntent(
  session: Session,
  bookId: number,
  intentId: string,
): Promise<StagedTransferRow[]> {
  return (await session.run<StagedTransferRow>(transfers, [bookId, intentId])).rows;
}

/** Events of an intent in their sequence. */
export async function readEventsOfIntent(session: Session, bookId: number, intentId: string): Promise<EventRow[]> {
  return (await session.run<EventRow>(events, [bookId, intentId])).rows;
}

/** Discrepancies of an intent, open and closed, oldest first. */
export async function readDiscrepanciesOfIntent(
  session: Session,
  bookId: number,
  intentId: string,
): Promise<DiscrepancyRow[]> {
  return (await session.run<DiscrepancyRow>(discrepancies, [bookId, intentId])).rows;
}
