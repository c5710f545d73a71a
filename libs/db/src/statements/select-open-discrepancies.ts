import type { Session } from '../session.js';

/** An open discrepancy of an intent. */
export type OpenDiscrepancyRow = { readonly book_id: number; readonly intent_id: string; readonly kind: string };

const statement = {
  name: 'select_open_discrepancies',
  text: `select d.book_id, d.intent_id, d.kind
    from unnest($1::integer[], $2::uuid[]) as u (book_id, intent_id)
    join discrepancies d on d.book_id = u.book_id and d.intent_id = u.intent_id and d.closed_at is null
    order by d.book_id, d.intent_id, d.discrepancy_id`,
};

/** Open discrepancies of intents, oldest first. */
export async function selectOpenDiscrepancies(
  session: Session,
  keys: readonly { readonly bookId: number; readonly intentId: string }[],
): Promise<OpenDiscrepancyRow[]> {
  const values = [keys.map((key) => key.bookId), keys.map((key) => key.intentId)];
  return (await session.run<OpenDiscrepancyRow>(statement, values)).rows;
}
