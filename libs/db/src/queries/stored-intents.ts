import type { StoredIntentDraft } from '@tollbook/usecases';
import type { IntentRow } from '../mapping/intent.mapping.js';
import type { Session } from '../session.js';

/** An intent's row with what its merchant said of it. */
export type StoredIntentRow = IntentRow & { readonly description: string | null };

const columns = `i.book_id, i.intent_id, i.invoice_id, i.source, i.terms_number, i.endpoint_id, i.price_version_id,
  i.network_id, i.asset_id, i.wallet_id, i.amount_atomic, i.fingerprint, i.order_id, i.metadata, i.description,
  i.expires_at, i.created_at, i.status, i.sequence, i.payer, i.failure_reason, i.amount_refunded_atomic, i.invoice_year,
  i.invoice_no, i.confirmed_at, i.final_at, i.reserved_atomic`;

const one = {
  name: 'read_stored_intent',
  text: `select ${columns} from payment_intents i
    where i.book_id = $1 and i.intent_id = $2 and i.network_id is not null`,
};

const list = {
  // Without a name it is planned with its values: rare statuses and order ids have indexes of their own.
  name: '',
  text: `select ${columns} from payment_intents i
    where i.book_id = $1 and i.network_id is not null and ($2::uuid is null or i.intent_id < $2)
      and ($3::text is null or i.status = $3) and ($4::text is null or i.order_id = $4)
    order by i.intent_id desc
    limit $5`,
};

const insert = {
  name: 'insert_stored_intent',
  text: `insert into payment_intents (book_id, intent_id, invoice_id, source, endpoint_id, network_id, asset_id,
      wallet_id, amount_atomic, order_id, description, metadata, expires_at, status, sequence, terms_number,
      price_version_id)
    values ($1, $2, $3, $13, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12, 'open', 1, $14, $15)`,
};

/** One intent of a book, whoever made it; null where there is none. */
export async function readStoredIntent(
  session: Session,
  bookId: number,
  intentId: string,
): Promise<StoredIntentRow | null> {
  return (await session.run<StoredIntentRow>(one, [bookId, intentId])).rows[0] ?? null;
}

/** A page of a book's intents, newest first, also those that nobody tried to pay. */
export async function listStoredIntents(
  session: Session,
  bookId: number,
  filter: { readonly status: string | null; readonly orderId: string | null; readonly after: string | null },
  limit: number,
): Promise<StoredIntentRow[]> {
  const values = [bookId, filter.after, filter.status, filter.orderId, limit];
  return (await session.run<StoredIntentRow>(list, values)).rows;
}

/** Writes an intent that a merchant makes, or that an offer became, as it is born. */
export async function insertStoredIntent(session: Session, networkId: number, draft: StoredIntentDraft): Promise<void> {
  await session.run(insert, [
    draft.bookId,
    draft.intentId,
    draft.invoiceId,
    draft.endpointId,
    networkId,
    draft.assetId,
    draft.walletId,
    draft.amountAtomic,
    draft.orderId,
    draft.description,
    draft.metadata === null ? null : JSON.stringify(draft.metadata),
    new Date(draft.expiresAtMs),
    draft.source,
    draft.termsNumber,
    draft.priceVersionId,
  ]);
}
