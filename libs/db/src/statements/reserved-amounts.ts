import type { TransferRecord } from '@tollbook/usecases';
import type { Session } from '../session.js';
import { isPriceOnOffer, pricesOnOffer } from './price-on-offer.js';

export type PromisePlaceRow = { readonly networkId: number; readonly assetId: number; readonly walletId: string };

/** Names the intent of a transfer's amount. */
export type NamedByAmountRow = {
  readonly book_id: number;
  readonly transfer_id: string;
  readonly intent_id: string;
  readonly after_block: bigint;
  readonly is_price_on_offer: boolean;
};

/** The lock under which `claim_payment` looks at an invoice, so that a claim and an opening meet. */
const hold = {
  name: 'hold_invoice',
  text: `select pg_advisory_xact_lock(hashtextextended('claim_payment/' || $1::integer || '/' || $2::uuid, 0))`,
};

const holdWallet = {
  name: 'hold_reserved_amounts',
  text: `select pg_advisory_xact_lock(
    hashtextextended('reserved_amounts/' || $1::integer || '/' || $2::smallint || '/' || $3::integer || '/' || $4::uuid, 0))`,
};

/** A statement after the lock, so that it sees what was committed while the lock was waited for. */
const taken = {
  name: 'select_reserved_amounts',
  text: `select r.amount_atomic from reserved_amounts r
    where r.book_id = $1 and r.network_id = $2 and r.asset_id = $3 and r.wallet_id = $4
      and r.amount_atomic between $5 and $6 and (r.free_at is null or r.free_at > now())`,
};

const offered = {
  name: 'select_prices_on_offer',
  text: `select sold.amount_atomic
    from (select $1::integer as book_id, $2::smallint as network_id, $3::integer as asset_id) place
    cross join lateral (${pricesOnOffer('place')}) sold
    where sold.amount_atomic between $4 and $5`,
};

const head = {
  name: 'select_head_number',
  text: `select c.head_number from cursors c where c.network_id = $1 and c.lane = 0`,
};

const reserve = {
  name: 'reserve_amount',
  text: `insert into reserved_amounts as r (book_id, network_id, asset_id, wallet_id, amount_atomic, intent_id, after_block)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (book_id, network_id, asset_id, wallet_id, amount_atomic)
      do update set intent_id = excluded.intent_id, after_block = excluded.after_block, free_at = null,
        created_at = excluded.created_at
      where r.free_at <= now()`,
};

const note = {
  name: 'note_reserved_amount',
  text: 'update payment_intents set reserved_atomic = $3 where book_id = $1 and intent_id = $2',
};

/** What an attempt signed for pays that one or nobody, also when it was released and somebody else broadcast it (A36). */
const named = {
  name: 'select_intents_by_amount',
  text: `select t.book_id, t.transfer_id, r.intent_id, r.after_block, ${isPriceOnOffer('r')} as is_price_on_offer
    from unnest($1::integer[], $2::uuid[], $3::smallint[], $4::integer[], $5::uuid[], $6::numeric[],
        $7::bytea[])
      as t (book_id, transfer_id, network_id, asset_id, wallet_id, amount_atomic, replay_key)
    join reserved_amounts r on r.book_id = t.book_id and r.network_id = t.network_id and r.asset_id = t.asset_id
      and r.wallet_id = t.wallet_id and r.amount_atomic = t.amount_atomic
    where not exists (
      select from attempts a
      where a.book_id = t.book_id and a.network_id = t.network_id and a.replay_key = t.replay_key
        and a.released_at is not null
    )`,
};

/** Waits until nobody else claims or opens the invoice. */
export async function holdInvoice(session: Session, bookId: number, intentId: string): Promise<void> {
  await session.run(hold, [bookId, intentId]);
}

/**
 * The amounts within a range that are promised at a wallet, held until the transaction ends, and those that are prices.
 */
export async function holdReservedAmounts(
  session: Session,
  bookId: number,
  { networkId, assetId, walletId }: PromisePlaceRow,
  range: { readonly mostAtomic: bigint; readonly leastAtomic: bigint },
): Promise<{ readonly promised: readonly bigint[]; readonly onOffer: readonly bigint[]; readonly headNumber: bigint }> {
  const token = [bookId, networkId, assetId];
  const ends = [range.leastAtomic, range.mostAtomic];
  await session.run(holdWallet, [...token, walletId]);
  const promised = await session.run<{ amount_atomic: string }>(taken, [...token, walletId, ...ends]);
  const onOffer = await session.run<{ amount_atomic: string }>(offered, [...token, ...ends]);
  const [cursor] = (await session.run<{ head_number: bigint }>(head, [networkId])).rows;
  return {
    promised: promised.rows.map((row) => BigInt(row.amount_atomic)),
    onOffer: onOffer.rows.map((row) => BigInt(row.amount_atomic)),
    headNumber: cursor?.head_number ?? 0n,
  };
}

/** Promises an amount that is free; false when it is not. */
export async function reserveAmount(
  session: Session,
  bookId: number,
  intentId: string,
  { networkId, assetId, walletId }: PromisePlaceRow,
  amountAtomic: bigint,
  afterBlock: bigint,
): Promise<boolean> {
  const values = [bookId, networkId, assetId, walletId, amountAtomic, intentId, afterBlock];
  if ((await session.run(reserve, values)).rowCount !== 1) return false;
  await session.run(note, [bookId, intentId, amountAtomic]);
  return true;
}

/** The intents that were promised the amounts of transfers to our wallets. */
export async function selectIntentsByAmount(
  session: Session,
  transfers: readonly (TransferRecord & { readonly networkId: number })[],
): Promise<NamedByAmountRow[]> {
  const { rows } = await session.run<NamedByAmountRow>(named, [
    transfers.map((transfer) => transfer.bookId),
    transfers.map((transfer) => transfer.transferId),
    transfers.map((transfer) => transfer.networkId),
    transfers.map((transfer) => transfer.assetId),
    transfers.map((transfer) => transfer.toWalletId),
    transfers.map((transfer) => transfer.amountAtomic),
    transfers.map((transfer) => transfer.replayKeyHash),
  ]);
  return rows;
}
