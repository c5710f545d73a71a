import type { TransferRecord } from '@tollbook/usecases';
import type { NetworkIds } from '../network-ids.js';
import { fromDbBytes, fromDbHex } from './column.mapping.js';

/** A row as `transferColumns` selects it. */
export type TransferRow = {
  readonly book_id: number;
  readonly transfer_id: string;
  readonly network_id: number;
  readonly block_number: bigint;
  readonly block_hash: Uint8Array;
  readonly block_time: Date;
  readonly tx_hash: Uint8Array;
  readonly position: number;
  readonly asset_id: number;
  readonly from_address: Uint8Array;
  readonly to_address: Uint8Array;
  readonly from_wallet_id: string | null;
  readonly to_wallet_id: string | null;
  readonly amount_atomic: string;
  readonly replay_key: Uint8Array;
};

/** A transfer as use cases see it. */
export function fromDbTransfer(row: TransferRow, networks: NetworkIds): TransferRecord {
  return {
    bookId: row.book_id,
    transferId: row.transfer_id,
    network: networks.nameOf(row.network_id),
    blockNumber: row.block_number,
    blockHash: fromDbHex(row.block_hash),
    blockTimeUnixSeconds: row.block_time.getTime() / 1000,
    txHash: fromDbHex(row.tx_hash),
    position: row.position,
    assetId: row.asset_id,
    from: fromDbHex(row.from_address),
    to: fromDbHex(row.to_address),
    fromWalletId: row.from_wallet_id,
    toWalletId: row.to_wallet_id,
    amountAtomic: BigInt(row.amount_atomic),
    replayKeyHash: fromDbBytes(row.replay_key),
  };
}
