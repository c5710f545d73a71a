import { refundStatuses } from '@tollbook/domain';
import type { RefundRecord } from '@tollbook/usecases';
import type { NetworkIds } from '../network-ids.js';
import { fromDbHex, fromDbHexOrNull, fromDbWord } from './column.mapping.js';

/** A row as `refundRow` selects it: with the transaction of its transfer. */
export type RefundRow = {
  readonly book_id: number;
  readonly refund_id: string;
  readonly intent_id: string;
  readonly network_id: number;
  readonly asset_id: number;
  readonly to_address: Uint8Array;
  readonly amount_atomic: string;
  readonly status: string;
  readonly returned_atomic: string;
  readonly named_tx_hash: Uint8Array | null;
  readonly tx_hash: Uint8Array | null;
  readonly after_block: bigint;
  readonly transfer_id: string | null;
  readonly reason: string;
  readonly actor_id: string;
  readonly created_at: Date;
};

/** A refund as use cases see it. */
export function fromDbRefund(row: RefundRow, networks: NetworkIds): RefundRecord {
  return {
    bookId: row.book_id,
    refundId: row.refund_id,
    intentId: row.intent_id,
    network: networks.nameOf(row.network_id),
    assetId: row.asset_id,
    to: fromDbHex(row.to_address),
    amountAtomic: BigInt(row.amount_atomic),
    status: fromDbWord(refundStatuses, row.status),
    returnedAtomic: BigInt(row.returned_atomic),
    namedTxHash: fromDbHexOrNull(row.named_tx_hash),
    txHash: fromDbHexOrNull(row.tx_hash),
    afterBlock: row.after_block,
    transferId: row.transfer_id,
    reason: row.reason,
    actorId: row.actor_id,
    createdAtMs: row.created_at.getTime(),
  };
}
