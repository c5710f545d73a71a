import type { IntentKey } from '@tollbook/usecases';
import type { IntentRow } from '../mapping/intent.mapping.js';
import type { Session } from '../session.js';

const statement = {
  name: 'lock_intents',
  text: `select i.book_id, i.intent_id, i.invoice_id, i.source, i.terms_number, i.endpoint_id, i.price_version_id,
      i.network_id, i.asset_id, i.wallet_id, i.amount_atomic, i.fingerprint, i.order_id, i.metadata, i.expires_at,
      i.created_at, i.status, i.sequence, i.payer, i.failure_reason, i.amount_refunded_atomic, i.invoice_year,
      i.invoice_no, i.confirmed_at, i.final_at, i.reserved_atomic
    from payment_intents i
    where (i.book_id, i.intent_id) in (select * from unnest($1::integer[], $2::uuid[]))
    order by i.book_id, i.intent_id
    for update of i`,
};

/** Locks intents in the order of their keys, so that two batches never wait for one another in a circle. */
export async function lockIntents(session: Session, keys: readonly IntentKey[]): Promise<IntentRow[]> {
  const { rows } = await session.run<IntentRow>(statement, [
    keys.map((key) => key.bookId),
    keys.map((key) => key.intentId),
  ]);
  return rows;
}
