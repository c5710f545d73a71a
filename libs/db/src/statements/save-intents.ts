import type { IntentRecord } from '@tollbook/usecases';
import { toDbHexOrNull, toDbTime } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

const save = {
  name: 'save_intents',
  text: `update payment_intents i
    set status = u.status, sequence = u.sequence, payer = u.payer, failure_reason = u.failure_reason,
      invoice_year = u.invoice_year, invoice_no = u.invoice_no, confirmed_at = u.confirmed_at, final_at = u.final_at,
      amount_refunded_atomic = u.amount_refunded_atomic
    from unnest($1::integer[], $2::uuid[], $3::text[], $4::integer[], $5::bytea[], $6::text[], $7::smallint[],
        $8::integer[], $9::timestamptz[], $10::timestamptz[], $11::numeric[])
      as u (book_id, intent_id, status, sequence, payer, failure_reason, invoice_year, invoice_no, confirmed_at,
        final_at, amount_refunded_atomic)
    where i.book_id = u.book_id and i.intent_id = u.intent_id`,
};

const tell = {
  name: 'tell_intents',
  text: `update payment_intents i set sequence = i.sequence + 1
    from unnest($1::integer[], $2::uuid[]) as u (book_id, intent_id)
    where i.book_id = u.book_id and i.intent_id = u.intent_id`,
};

/** Writes the state of intents, each at most one event ahead of its row. Resolves to the number of rows. */
export async function saveIntents(session: Session, intents: readonly IntentRecord[]): Promise<number> {
  const { rowCount } = await session.run(save, [
    intents.map((intent) => intent.bookId),
    intents.map((intent) => intent.intentId),
    intents.map((intent) => intent.status),
    intents.map((intent) => intent.sequence),
    intents.map((intent) => toDbHexOrNull(intent.payer)),
    intents.map((intent) => intent.failureReason),
    intents.map((intent) => intent.invoiceYear),
    intents.map((intent) => intent.invoiceNo),
    intents.map((intent) => toDbTime(intent.confirmedAtMs)),
    intents.map((intent) => toDbTime(intent.finalAtMs)),
    intents.map((intent) => intent.amountRefundedAtomic),
  ]);
  return rowCount ?? 0;
}

/** Counts one event that moves no status; the guard lets a row go forward one event a statement. */
export async function tellIntents(session: Session, intents: readonly IntentRecord[]): Promise<void> {
  await session.run(tell, [intents.map((intent) => intent.bookId), intents.map((intent) => intent.intentId)]);
}
