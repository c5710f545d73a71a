import type { Session } from '../session.js';

export type ExposureRow = {
  readonly payer: Uint8Array;
  readonly asset_id: number;
  readonly endpoint_id: string | null;
  readonly amount_atomic: string;
};

const statement = {
  name: 'select_exposure',
  text: `select a.payer, a.asset_id, i.endpoint_id, sum(a.amount_atomic)::text as amount_atomic
    from attempts a
    join payment_intents i on i.book_id = a.book_id and i.intent_id = a.intent_id
    where a.book_id = $1 and a.status in ('submitting', 'submitted', 'unknown') and a.payer is not null
    group by a.payer, a.asset_id, i.endpoint_id`,
};

/** What each payer has sent for each endpoint in each token and is not confirmed; read from the index of attempts in flight. */
export async function selectExposure(session: Session, bookId: number): Promise<ExposureRow[]> {
  return (await session.run<ExposureRow>(statement, [bookId])).rows;
}
