import type { IntentKey, RefundRecord, TransferRecord } from '@tollbook/usecases';
import { toDbHex, toDbHexOrNull } from '../mapping/column.mapping.js';
import type { RefundRow } from '../mapping/refund.mapping.js';
import type { TransferRow } from '../mapping/transfer.mapping.js';
import type { Session } from '../session.js';
import { transferColumns } from './transfer-columns.js';

const columns = `r.book_id, r.refund_id, r.intent_id, r.network_id, r.asset_id, r.to_address, r.amount_atomic, r.status,
  r.returned_atomic, r.tx_hash as named_tx_hash, moved.tx_hash, r.after_block, r.transfer_id, r.reason, r.actor_id,
  r.created_at`;
const joins = `left join transfers moved on moved.book_id = r.book_id and moved.transfer_id = r.transfer_id`;

/** Everything that `RefundRow` holds, of `r`. */
export const refundRow = `select ${columns} from refunds r ${joins}`;

/** A refund that waits fits a transfer of its token, of the very amount and to the very address. */
const fits = `r.book_id = t.book_id and r.status = 'recorded' and r.network_id = t.network_id
  and r.asset_id = t.asset_id and r.to_address = t.to_address and r.amount_atomic = t.amount_atomic`;

/** Of `came`, seen from the outgoing `t`. */
const cameBefore = `came.network_id = t.network_id and came.asset_id = t.asset_id
  and came.from_address = t.to_address and came.from_wallet_id is null and came.block_number <= t.block_number`;

const waiting = {
  name: 'select_waiting_refunds',
  text: `select t.transfer_id as of_transfer_id, ${columns}
    from unnest($1::integer[], $2::uuid[]) as u (book_id, transfer_id)
    join transfers t on t.book_id = u.book_id and t.transfer_id = u.transfer_id
    join refunds r on ${fits}
    ${joins}
    order by t.transfer_id, r.refund_id`,
};

const ofIntents = {
  name: 'select_refunds_of_intents',
  text: `${refundRow}
    where (r.book_id, r.intent_id) in (select * from unnest($1::integer[], $2::uuid[]))
    order by r.book_id, r.refund_id`,
};

const ofTransfers = {
  name: 'select_refunds_of_transfers',
  text: `${refundRow}
    where (r.book_id, r.transfer_id) in (select * from unnest($1::integer[], $2::uuid[]))
    order by r.book_id, r.refund_id`,
};

/**
 * By the chain: whoever got it had sent the same token to a wallet of the book, in this block or before, for a payment
 * or for nothing known. Found by payer and among what is unmatched, since transfers have no index by sender.
 */
const toPayers = {
  name: 'select_transfers_to_payers',
  text: `select t.transfer_id
    from unnest($1::integer[], $2::uuid[]) as u (book_id, transfer_id)
    join transfers t on t.book_id = u.book_id and t.transfer_id = u.transfer_id
    where exists (
      select from payment_intents i
      join allocations al on al.book_id = i.book_id and al.intent_id = i.intent_id and al.reversed_at is null
      join transfers came on came.book_id = al.book_id and came.transfer_id = al.transfer_id
      where i.book_id = t.book_id and i.payer = t.to_address and ${cameBefore}
    ) or exists (
      select from allocations al
      join transfers came on came.book_id = al.book_id and came.transfer_id = al.transfer_id
      where al.book_id = t.book_id and al.reversed_at is null and al.bucket in ('unmatched', 'dust') and ${cameBefore}
    )`,
};

const swept = {
  name: 'select_swept_refunds',
  text: `select ${transferColumns('t')}
    from refunds r
    join transfers t on ${fits} and t.from_wallet_id is not null and t.to_wallet_id is null and t.orphaned_at is null
      and (r.tx_hash = t.tx_hash or (r.tx_hash is null and t.block_number > r.after_block))
    join allocations l on l.book_id = t.book_id and l.transfer_id = t.transfer_id
      and l.reversed_at is null and l.bucket = 'sweep'
    order by t.block_number, t.book_id, t.position
    limit $1`,
};

const insert = {
  name: 'insert_refund',
  text: `insert into refunds (book_id, refund_id, intent_id, network_id, asset_id, to_address, amount_atomic, tx_hash,
      after_block, reason, actor_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
};

const save = {
  name: 'save_refunds',
  text: `update refunds r
    set status = u.status, returned_atomic = u.returned_atomic, tx_hash = u.tx_hash, transfer_id = u.transfer_id
    from unnest($1::integer[], $2::uuid[], $3::text[], $4::numeric[], $5::bytea[], $6::uuid[])
      as u (book_id, refund_id, status, returned_atomic, tx_hash, transfer_id)
    where r.book_id = u.book_id and r.refund_id = u.refund_id`,
};

/** Refunds that wait, each with a transfer that might carry it out. */
export async function selectWaitingRefunds(
  session: Session,
  transfers: readonly TransferRecord[],
): Promise<(RefundRow & { readonly of_transfer_id: string })[]> {
  return (await session.run<RefundRow & { readonly of_transfer_id: string }>(waiting, keysOf(transfers))).rows;
}

/** Every refund of intents, oldest first. */
export async function selectRefundsOfIntents(session: Session, keys: readonly IntentKey[]): Promise<RefundRow[]> {
  const values = [keys.map(({ bookId }) => bookId), keys.map(({ intentId }) => intentId)];
  return (await session.run<RefundRow>(ofIntents, values)).rows;
}

/** The refunds that transfers carry out. */
export async function selectRefundsOfTransfers(
  session: Session,
  transfers: readonly TransferRecord[],
): Promise<RefundRow[]> {
  return (await session.run<RefundRow>(ofTransfers, keysOf(transfers))).rows;
}

/** Those of these transfers that went to somebody who had paid before. */
export async function selectTransfersToPayers(
  session: Session,
  transfers: readonly TransferRecord[],
): Promise<string[]> {
  const { rows } = await session.run<{ readonly transfer_id: string }>(toPayers, keysOf(transfers));
  return rows.map(({ transfer_id }) => transfer_id);
}

/** Transfers that no refund was found for when they were booked, though one waits that they fit. */
export async function selectSweptRefunds(session: Session, limit: number): Promise<TransferRow[]> {
  return (await session.run<TransferRow>(swept, [limit])).rows;
}

/** Writes an announced refund. */
export async function insertRefund(session: Session, networkId: number, refund: RefundRecord): Promise<void> {
  await session.run(insert, [
    refund.bookId,
    refund.refundId,
    refund.intentId,
    networkId,
    refund.assetId,
    toDbHex(refund.to),
    refund.amountAtomic,
    toDbHexOrNull(refund.namedTxHash),
    refund.afterBlock,
    refund.reason,
    refund.actorId,
  ]);
}

/** Writes how far refunds came. */
export async function saveRefunds(session: Session, refunds: readonly RefundRecord[]): Promise<void> {
  await session.run(save, [
    refunds.map(({ bookId }) => bookId),
    refunds.map(({ refundId }) => refundId),
    refunds.map(({ status }) => status),
    refunds.map(({ returnedAtomic }) => returnedAtomic),
    refunds.map(({ namedTxHash }) => toDbHexOrNull(namedTxHash)),
    refunds.map(({ transferId }) => transferId),
  ]);
}

function keysOf(transfers: readonly TransferRecord[]) {
  return [transfers.map(({ bookId }) => bookId), transfers.map(({ transferId }) => transferId)];
}
