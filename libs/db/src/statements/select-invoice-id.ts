import type { Session } from '../session.js';

const statement = {
  name: 'select_invoice_id',
  text: 'select i.invoice_id from payment_intents i where i.book_id = $1 and i.intent_id = $2',
};

/** The sealed invoice id that an intent was made from. */
export async function selectInvoiceId(session: Session, bookId: number, intentId: string): Promise<Uint8Array | null> {
  const { rows } = await session.run<{ invoice_id: Uint8Array }>(statement, [bookId, intentId]);
  return rows[0]?.invoice_id ?? null;
}
