import { toDbHex, toDbTime } from '../mapping/column.mapping.js';
import type { TransferRow } from '../mapping/transfer.mapping.js';
import type { Session } from '../session.js';
import { transferColumns } from './transfer-columns.js';

/** One transfer as one book sees it. */
export type NewTransfer = {
  readonly bookId: number;
  readonly transferId: string;
  readonly networkId: number;
  readonly blockNumber: bigint;
  readonly blockHash: string;
  readonly blockTimeUnixSeconds: number;
  readonly txHash: string;
  readonly position: number;
  readonly assetId: number;
  readonly from: string;
  readonly to: string;
  readonly fromWalletId: string | null;
  readonly toWalletId: string | null;
  readonly amountAtomic: bigint;
  readonly replayKeyHash: Uint8Array;
};

const statement = {
  name: 'insert_transfers',
  text: `insert into transfers as t (book_id, transfer_id, network_id, block_number, block_hash, block_time, tx_hash,
      position, asset_id, from_address, to_address, from_wallet_id, to_wallet_id, amount_atomic, replay_key)
    select * from unnest($1::integer[], $2::uuid[], $3::smallint[], $4::bigint[], $5::bytea[], $6::timestamptz[],
      $7::bytea[], $8::integer[], $9::integer[], $10::bytea[], $11::bytea[], $12::uuid[], $13::uuid[], $14::numeric[],
      $15::bytea[])
    on conflict (book_id, tx_hash, position, network_id, block_hash)
      do update set orphaned_at = null where t.orphaned_at is not null
    returning ${transferColumns('t')}`,
};

/** Writes transfers; resolves to those that are new, and those that an orphaned block brought back. */
export async function insertTransfers(session: Session, transfers: readonly NewTransfer[]): Promise<TransferRow[]> {
  const { rows } = await session.run<TransferRow>(statement, [
    transfers.map((transfer) => transfer.bookId),
    transfers.map((transfer) => transfer.transferId),
    transfers.map((transfer) => transfer.networkId),
    transfers.map((transfer) => transfer.blockNumber),
    transfers.map((transfer) => toDbHex(transfer.blockHash)),
    transfers.map((transfer) => toDbTime(transfer.blockTimeUnixSeconds * 1000)),
    transfers.map((transfer) => toDbHex(transfer.txHash)),
    transfers.map((transfer) => transfer.position),
    transfers.map((transfer) => transfer.assetId),
    transfers.map((transfer) => toDbHex(transfer.from)),
    transfers.map((transfer) => toDbHex(transfer.to)),
    transfers.map((transfer) => transfer.fromWalletId),
    transfers.map((transfer) => transfer.toWalletId),
    transfers.map((transfer) => transfer.amountAtomic),
    transfers.map((transfer) => transfer.replayKeyHash),
  ]);
  return rows;
}
