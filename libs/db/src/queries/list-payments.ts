import type { IntentStatus } from '@tollbook/domain';
import type { IntentRow } from '../mapping/intent.mapping.js';
import type { Session } from '../session.js';

const intentColumns = `i.book_id, i.intent_id, i.invoice_id, i.source, i.terms_number, i.endpoint_id, i.price_version_id,
  i.network_id, i.asset_id, i.wallet_id, i.amount_atomic, i.fingerprint, i.order_id, i.metadata, i.expires_at,
  i.created_at, i.status, i.sequence, i.payer, i.failure_reason, i.amount_refunded_atomic, i.invoice_year, i.invoice_no,
  i.confirmed_at, i.final_at`;

/** Null, or for statuses an empty list, lets everything pass. */
export type PaymentListFilter = {
  readonly status: readonly IntentStatus[];
  readonly networkId: number | null;
  readonly endpointId: string | null;
  readonly payer: Uint8Array | null;
  readonly after: string | null;
};

const one = {
  name: 'read_payment_intent',
  text: `select ${intentColumns} from payment_intents i where i.book_id = $1 and i.intent_id = $2`,
};

/** A page of the book's intents that somebody tried to pay: the primary key read backwards. */
export async function listPaymentIntents(
  session: Session,
  bookId: number,
  filter: PaymentListFilter,
  limit: number,
): Promise<IntentRow[]> {
  const { text, values } = paymentListStatement(bookId, filter, limit);
  // Without a name it is planned with its values: the partial index of rare statuses serves only those.
  return (await session.run<IntentRow>({ name: '', text }, values)).rows;
}

/** The statement of such a page, which names only the columns that are filtered on. */
export function paymentListStatement(
  bookId: number,
  filter: PaymentListFilter,
  limit: number,
): { readonly text: string; readonly values: unknown[] } {
  const values: unknown[] = [bookId];
  const conditions = ['i.book_id = $1', 'i.payer is not null', 'i.network_id is not null'];
  const add = (condition: (place: string) => string, value: unknown) => {
    if (value === null) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  add((place) => `i.intent_id < ${place}`, filter.after);
  add((place) => `i.status = any(${place}::text[])`, filter.status.length > 0 ? filter.status : null);
  add((place) => `i.network_id = ${place}`, filter.networkId);
  add((place) => `i.endpoint_id = ${place}`, filter.endpointId);
  add((place) => `i.payer = ${place}`, filter.payer);
  values.push(limit);
  const text = `select ${intentColumns} from payment_intents i where ${conditions.join(' and ')}
    order by i.intent_id desc limit $${values.length}`;
  return { text, values };
}

/** One intent of a book, whether somebody tried to pay it or not; null where there is none. */
export async function readPaymentIntent(session: Session, bookId: number, intentId: string): Promise<IntentRow | null> {
  return (await session.run<IntentRow>(one, [bookId, intentId])).rows[0] ?? null;
}
