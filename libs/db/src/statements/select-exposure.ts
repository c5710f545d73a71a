import type { Session } from '../session.js';

export type ExposureRow = { readonly payer: Uint8Array; readonly asset_id: number; readonly amount_atomic: string };

const statement = {
  name: 'select_exposure',
  text: `select a.payer, a.asset_id, sum(a.amount_atomic)::text as amount_atomic
    from attempts a
    where a.book_id = $1 and a.status in ('submitting', 'submitted', 'unknown') and a.payer is not null
    group by a.payer, a.asset_id`,
};

/** What each payer has sent in each token and is not confirmed; read from the index of attempts in flight. */
export async function selectExposure(session: Session, bookId: number): Promise<ExposureRow[]> {
  return (await session.run<ExposureRow>(statement, [bookId])).rows;
}
