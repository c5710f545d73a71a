import type { RefusalFilter } from '@tollbook/usecases';
import { toDbHexOrNull, toDbTime } from '../mapping/column.mapping.js';
import type { RefusalRow } from '../mapping/refusal.mapping.js';
import type { Session } from '../session.js';

/** A page of the book's refused payments, newest first: pieces of a day each, read backwards. */
export async function listRefusalRows(
  session: Session,
  bookId: number,
  { payer, intentId, endpointId, reason, client, made }: RefusalFilter,
  after: string | null,
  limit: number,
): Promise<RefusalRow[]> {
  const values: unknown[] = [bookId];
  const conditions = ['r.book_id = $1'];
  const add = (condition: (place: string) => string, value: unknown) => {
    if (value === null) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  add((place) => `r.refusal_sample_id < ${place}`, after);
  add((place) => `r.payer = ${place}`, toDbHexOrNull(payer));
  add((place) => `r.intent_id = ${place}`, intentId);
  add((place) => `r.endpoint_id = ${place}`, endpointId);
  add((place) => `r.reason = ${place}`, reason);
  add((place) => `r.client = ${place}`, client);
  // The id holds the time, by which the pieces of other days are left out.
  add((place) => `r.refusal_sample_id >= uuid_at(${place})`, made && toDbTime(made.fromMs));
  add((place) => `r.refusal_sample_id < uuid_at(${place})`, made && toDbTime(made.toMs));
  values.push(limit);
  const text = `select r.refusal_sample_id, r.endpoint_id, r.reason, r.client, r.x402_version, r.payer, r.intent_id,
      r.evidence, r.created_at
    from refusal_samples r
    where ${conditions.join(' and ')} order by r.refusal_sample_id desc limit $${values.length}`;
  return (await session.run<RefusalRow>({ name: '', text }, values)).rows;
}
