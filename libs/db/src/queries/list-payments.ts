import { type DiscrepancyKind, type IntentStatus, intentIdOfInvoice, never, type SearchKey } from '@tollbook/domain';
import { toDbHex, toDbTime } from '../mapping/column.mapping.js';
import type { IntentRow } from '../mapping/intent.mapping.js';
import type { Session } from '../session.js';
import { sha256 } from '../sha256.js';

const intentColumns = `i.book_id, i.intent_id, i.invoice_id, i.source, i.terms_number, i.endpoint_id, i.price_version_id,
  i.network_id, i.asset_id, i.wallet_id, i.amount_atomic, i.fingerprint, i.order_id, i.metadata, i.expires_at,
  i.created_at, i.status, i.sequence, i.payer, i.failure_reason, i.amount_refunded_atomic, i.invoice_year, i.invoice_no,
  i.confirmed_at, i.final_at, i.reserved_atomic`;

/** Null, or for statuses an empty list, lets everything pass. */
export type PaymentListFilter = {
  readonly status: readonly IntentStatus[];
  readonly networkId: number | null;
  readonly endpointId: string | null;
  readonly payer: Uint8Array | null;
  readonly after: string | null;
  readonly flags: readonly DiscrepancyKind[];
  readonly reason: string | null;
  readonly found: SearchKey | null;
  readonly made: { readonly fromMs: number; readonly toMs: number } | null;
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
  add(
    (place) => `i.intent_id = any(array(select d.intent_id from discrepancies d
      where d.book_id = $1 and d.closed_at is null and d.kind = any(${place}::text[])))`,
    filter.flags.length > 0 ? filter.flags : null,
  );
  // The statuses say what follows from the rest, so that their partial index serves it.
  add(
    (place) => `i.status in ('open', 'failed') and (i.failure_reason = ${place} or (i.status = 'open' and ${place} = (
      select a.reason from attempts a where a.book_id = i.book_id and a.intent_id = i.intent_id
      order by a.created_at desc, a.attempt_id desc limit 1)))`,
    filter.reason,
  );
  if (filter.made) {
    // The id holds the time of the offer, some minutes before the payment was made; it narrows what is looked at.
    add((place) => `i.intent_id >= uuid_at(${place}::timestamptz - interval '1 day')`, toDbTime(filter.made.fromMs));
    add((place) => `i.created_at >= ${place}`, toDbTime(filter.made.fromMs));
    add((place) => `i.intent_id < uuid_at(${place})`, toDbTime(filter.made.toMs));
    add((place) => `i.created_at < ${place}`, toDbTime(filter.made.toMs));
  }
  if (filter.found) addFound(add, filter.found);
  values.push(limit);
  const text = `select ${intentColumns} from payment_intents i where ${conditions.join(' and ')}
    order by i.intent_id desc limit $${values.length}`;
  return { text, values };
}

type Add = (condition: (place: string) => string, value: unknown) => void;

/** What was looked for, each by an index of its own; lists of ids are made first, so that the primary key finds them. */
function addFound(add: Add, found: SearchKey): void {
  switch (found.kind) {
    case 'intent':
      add((place) => `i.intent_id = ${place}`, found.intentId);
      break;
    case 'invoice_id':
      add((place) => `i.intent_id = ${place}`, intentIdOfInvoice(found.bytes, sha256));
      break;
    case 'invoice_number':
      add((place) => `i.invoice_year = ${place}`, found.year);
      add((place) => `i.invoice_no = ${place}`, found.no);
      break;
    case 'tx_hash':
      add(
        (place) => `i.intent_id = any(array(
          select al.intent_id from transfers t
          join allocations al on al.book_id = t.book_id and al.transfer_id = t.transfer_id
          where t.book_id = $1 and t.tx_hash = ${place}
          union all select a.intent_id from attempts a where a.book_id = $1 and a.tx_hash = ${place}
          union all select a.intent_id from gas_replacements g
          join attempts a on a.book_id = g.book_id and a.attempt_id = g.attempt_id
          where g.book_id = $1 and g.tx_hash = ${place}))`,
        toDbHex(found.hash),
      );
      break;
    case 'payer':
      add((place) => `i.payer = ${place}`, toDbHex(found.address));
      break;
    case 'order_id':
      add((place) => `i.order_id = ${place}`, found.text);
      break;
    default:
      never(found);
  }
}

/** One intent of a book, whether somebody tried to pay it or not; null where there is none. */
export async function readPaymentIntent(session: Session, bookId: number, intentId: string): Promise<IntentRow | null> {
  return (await session.run<IntentRow>(one, [bookId, intentId])).rows[0] ?? null;
}
