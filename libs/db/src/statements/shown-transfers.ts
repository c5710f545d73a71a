import type { AmountPromise } from '@tollbook/domain';
import type { IntentKey, IntentTerms, ShownAttempt } from '@tollbook/usecases';
import { toDbHex, toDbTime } from '../mapping/column.mapping.js';
import type { TransferRow } from '../mapping/transfer.mapping.js';
import type { Session } from '../session.js';
import { isPriceOnOffer } from './price-on-offer.js';
import { transferColumns } from './transfer-columns.js';

/** A transfer with the attempt that holds its key and what its money was given to. */
export type SeenTransferRow = TransferRow & {
  readonly holder_intent_id: string | null;
  readonly is_given: boolean;
  readonly given_intent_id: string | null;
  readonly is_given_unproven: boolean;
};

const seen = {
  name: 'select_shown_transfers',
  text: `select ${transferColumns('t')}, h.intent_id as holder_intent_id, g.bucket is not null as is_given,
      case when g.bucket in ('payment', 'partial') then g.intent_id end as given_intent_id,
      coalesce(g.bucket not in ('payment', 'partial') or g.matched_by in ('amount', 'hand'), false)
        or coalesce(i.reserved_atomic = t.amount_atomic, false) as is_given_unproven
    from transfers t
    left join replay_keys k on k.book_id = t.book_id and k.network_id = t.network_id and k.replay_key = t.replay_key
    left join attempts h on h.book_id = k.book_id and h.attempt_id = k.attempt_id
    left join payment_intents i on i.book_id = h.book_id and i.intent_id = h.intent_id and h.kind = 'transfer'
    left join lateral (
      select l.bucket, l.intent_id, l.matched_by from allocations l
      where l.book_id = t.book_id and l.transfer_id = t.transfer_id and l.reversed_at is null
        and l.bucket <> 'unmatched'
      order by l.leg limit 1
    ) g on true
    where t.book_id = $1 and t.tx_hash = $2 and t.orphaned_at is null
    order by t.network_id, t.position`,
};

const byId = {
  name: 'select_transfer',
  text: `select ${transferColumns('t')} from transfers t where t.book_id = $1 and t.transfer_id = $2`,
};

const promised = {
  name: 'select_amount_promise',
  text: `select r.after_block, ${isPriceOnOffer('r')} as is_price_on_offer from reserved_amounts r where r.book_id = $1 and r.intent_id = $2`,
};

/** Deeper ones have been booked, and are told by their allocations. */
const promisedSeen = {
  name: 'select_seen_promised_transfer',
  text: `select t.tx_hash from reserved_amounts r
    join cursors c on c.network_id = r.network_id and c.lane = 0
    join transfers t on t.network_id = r.network_id and t.block_number > greatest(c.confirmed_number, r.after_block)
      and t.book_id = r.book_id and t.asset_id = r.asset_id and t.to_wallet_id = r.wallet_id
      and t.amount_atomic = r.amount_atomic and t.orphaned_at is null
    where r.book_id = $1 and r.intent_id = $2 and not ${isPriceOnOffer('r')}
    order by t.block_number, t.position limit 1`,
};

const offered = {
  name: 'insert_offered_intent',
  text: `insert into payment_intents (book_id, intent_id, invoice_id, source, terms_number, endpoint_id,
      price_version_id, network_id, asset_id, wallet_id, amount_atomic, fingerprint, expires_at, payer)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
};

const shown = {
  name: 'insert_shown_attempt',
  text: `insert into attempts (book_id, attempt_id, intent_id, network_id, asset_id, replay_key, kind, scheme, payer,
      amount_atomic, request_fingerprint, client_net, client, status, epoch, settle_mode, tx_hash, sent_at, submitted_at)
    values ($1, $2, $3, $4, $5, $6, 'transfer', 'exact', $7, $8, $9, $10, $11, 'submitted', 1, 'before', $12,
      date_trunc('milliseconds', now()), date_trunc('milliseconds', now()))`,
};

const takeKey = {
  name: 'take_replay_key',
  text: `insert into replay_keys (book_id, network_id, replay_key, attempt_id) values ($1, $2, $3, $4)
    on conflict do nothing`,
};

/** Transfers of a transaction, as far as they touch the book's wallets. */
export async function selectShownTransfers(
  session: Session,
  bookId: number,
  txHash: string,
): Promise<SeenTransferRow[]> {
  return (await session.run<SeenTransferRow>(seen, [bookId, toDbHex(txHash)])).rows;
}

/** One transfer of a book. */
export async function selectTransfer(
  session: Session,
  bookId: number,
  transferId: string,
): Promise<TransferRow | null> {
  return (await session.run<TransferRow>(byId, [bookId, transferId])).rows[0] ?? null;
}

/** The promise of an intent's amount; null where it has none of its own. */
export async function selectAmountPromise(
  session: Session,
  bookId: number,
  intentId: string,
): Promise<AmountPromise | null> {
  type Row = { readonly after_block: bigint; readonly is_price_on_offer: boolean };
  const [row] = (await session.run<Row>(promised, [bookId, intentId])).rows;
  return row ? { afterBlock: row.after_block, isPriceOnOffer: row.is_price_on_offer } : null;
}

/** The transaction that an intent's promised amount was seen in, while it is not deep enough to be booked. */
export async function selectSeenPromisedTx(
  session: Session,
  bookId: number,
  intentId: string,
): Promise<Uint8Array | null> {
  const [row] = (await session.run<{ tx_hash: Uint8Array }>(promisedSeen, [bookId, intentId])).rows;
  return row?.tx_hash ?? null;
}

/** Writes the intent that an offer becomes when a transfer is shown for it. */
export async function insertOfferedIntent(
  session: Session,
  networkId: number,
  intent: IntentKey & IntentTerms,
  payer: string,
): Promise<void> {
  await session.run(offered, [
    intent.bookId,
    intent.intentId,
    intent.invoiceId,
    intent.source,
    intent.termsNumber,
    intent.endpointId,
    intent.priceVersionId,
    networkId,
    intent.assetId,
    intent.walletId,
    intent.amountAtomic,
    intent.fingerprint,
    toDbTime(intent.expiresAtMs),
    toDbHex(payer),
  ]);
}

/** Takes a transfer's replay key for an attempt to come; false when another has it. */
export async function takeReplayKey(
  session: Session,
  networkId: number,
  { bookId, replayKeyHash, attemptId }: Pick<ShownAttempt, 'bookId' | 'replayKeyHash' | 'attemptId'>,
): Promise<boolean> {
  return (await session.run(takeKey, [bookId, networkId, replayKeyHash, attemptId])).rowCount === 1;
}

/** Writes the attempt of a shown transfer, whose key it has taken. */
export async function insertShownAttempt(session: Session, networkId: number, attempt: ShownAttempt): Promise<void> {
  await session.run(shown, [
    attempt.bookId,
    attempt.attemptId,
    attempt.intentId,
    networkId,
    attempt.assetId,
    attempt.replayKeyHash,
    toDbHex(attempt.payer),
    attempt.amountAtomic,
    attempt.requestFingerprint,
    attempt.clientNet,
    attempt.client,
    toDbHex(attempt.txHash),
  ]);
}
