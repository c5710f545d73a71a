import type { TransferRecord } from '@tollbook/usecases';
import type { TransferRow } from '../mapping/transfer.mapping.js';
import type { Session } from '../session.js';
import { transferColumns } from './transfer-columns.js';

const between = {
  name: 'select_transfers_between',
  text: `select ${transferColumns('t')} from transfers t
    where t.network_id = $1 and t.block_number between $2 and $3 and t.orphaned_at is null
      and ($4::bigint is null or (t.block_number, t.book_id, t.position, t.transfer_id) > ($4, $5, $6, $7))
    order by t.block_number, t.book_id, t.position, t.transfer_id
    limit $8::bigint`,
};

const orphan = {
  name: 'orphan_transfers_above',
  text: `with gone as (
      update transfers t set orphaned_at = now()
      where t.network_id = $1 and t.block_number > $2 and t.orphaned_at is null
      returning ${transferColumns('t')}
    )
    select ${transferColumns('g')} from gone g order by g.block_number, g.book_id, g.position, g.transfer_id`,
};

const orphanThese = {
  name: 'orphan_transfers',
  text: `with gone as (
      update transfers t set orphaned_at = now()
      from unnest($1::integer[], $2::uuid[]) as u (book_id, transfer_id)
      where t.book_id = u.book_id and t.transfer_id = u.transfer_id and t.orphaned_at is null
      returning ${transferColumns('t')}
    )
    select ${transferColumns('g')} from gone g order by g.block_number, g.book_id, g.position, g.transfer_id`,
};

/** Transfers of a range of blocks beyond `after`, by block, book and position. */
export async function selectTransfersBetween(
  session: Session,
  networkId: number,
  range: { readonly fromNumber: bigint; readonly toNumber: bigint },
  after: TransferRecord | null,
  limit: number,
): Promise<TransferRow[]> {
  const beyond = [
    after?.blockNumber ?? null,
    after?.bookId ?? null,
    after?.position ?? null,
    after?.transferId ?? null,
  ];
  const values = [networkId, range.fromNumber, range.toNumber, ...beyond, limit];
  return (await session.run<TransferRow>(between, values)).rows;
}

/** Marks every transfer above a block orphaned, and tells which were not before. */
export async function orphanTransfersAbove(
  session: Session,
  networkId: number,
  number: bigint,
): Promise<TransferRow[]> {
  return (await session.run<TransferRow>(orphan, [networkId, number])).rows;
}

/** Marks transfers orphaned, and tells which were not before. */
export async function orphanTransfers(
  session: Session,
  keys: readonly { readonly bookId: number; readonly transferId: string }[],
): Promise<TransferRow[]> {
  const values = [keys.map((key) => key.bookId), keys.map((key) => key.transferId)];
  return (await session.run<TransferRow>(orphanThese, values)).rows;
}
