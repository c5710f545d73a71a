import type { Session } from '../session.js';
import { transferColumns } from '../statements/transfer-columns.js';
import type { StagedTransferRow } from './read-timeline.js';

/** Null lets everything pass. */
export type TransferListFilter = {
  readonly isMatched: boolean | null;
  readonly networkId: number | null;
  readonly txHash: Uint8Array | null;
  readonly party: Uint8Array | null;
  readonly after: string | null;
};

const unmatched = `select al.transfer_id from allocations al
  where al.book_id = $1 and al.reversed_at is null and al.bucket in ('unmatched', 'dust')`;

/** A page of the book's transfers, newest first: the primary key read backwards. */
export async function listTransferRows(
  session: Session,
  bookId: number,
  { isMatched, networkId, txHash, party, after }: TransferListFilter,
  limit: number,
): Promise<StagedTransferRow[]> {
  const values: unknown[] = [bookId];
  const conditions = ['t.book_id = $1'];
  const add = (condition: (place: string) => string, value: unknown) => {
    if (value === null) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  add((place) => `t.transfer_id < ${place}`, after);
  add((place) => `t.network_id = ${place}`, networkId);
  add((place) => `t.tx_hash = ${place}`, txHash);
  add((place) => `(t.from_address = ${place} or t.to_address = ${place})`, party);
  if (isMatched !== null) conditions.push(`t.transfer_id ${isMatched ? 'not in' : 'in'} (${unmatched})`);
  values.push(limit);
  const text = `select ${transferColumns('t')}, t.orphaned_at, c.head_number, c.confirmed_number, c.final_number
    from transfers t left join cursors c on c.network_id = t.network_id and c.lane = 0
    where ${conditions.join(' and ')} order by t.transfer_id desc limit $${values.length}`;
  return (await session.run<StagedTransferRow>({ name: '', text }, values)).rows;
}

const open = {
  name: 'read_open_of_transfers',
  text: `select d.discrepancy_id, d.subject_id from discrepancies d
    where d.book_id = $1 and d.closed_at is null and d.subject_id = any($2::uuid[])
      and d.kind in ('unmatched', 'late', 'short', 'over', 'duplicate')
    order by d.discrepancy_id`,
};

/** Open discrepancies about transfers. */
export async function readOpenOfTransfers(
  session: Session,
  bookId: number,
  transferIds: readonly string[],
): Promise<{ readonly discrepancy_id: string; readonly subject_id: string }[]> {
  return (await session.run<{ discrepancy_id: string; subject_id: string }>(open, [bookId, transferIds])).rows;
}
