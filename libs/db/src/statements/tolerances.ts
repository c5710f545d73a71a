import type { Session } from '../session.js';

export type ToleranceRow = { readonly book_id: number; readonly asset_id: number; readonly amount_atomic: string };

const select = {
  name: 'select_tolerances',
  text: `select t.book_id, t.asset_id, t.amount_atomic from tolerances t
    where t.book_id = any($1::integer[]) order by t.book_id, t.asset_id`,
};

const save = {
  name: 'save_tolerance',
  text: `insert into tolerances (book_id, asset_id, amount_atomic, actor_id) values ($1, $2, $3, $4)
    on conflict (book_id, asset_id)
      do update set amount_atomic = excluded.amount_atomic, actor_id = excluded.actor_id`,
};

/** How small a difference opens nothing, of the books and assets where that was set. */
export async function selectTolerances(session: Session, bookIds: readonly number[]): Promise<ToleranceRow[]> {
  return (await session.run<ToleranceRow>(select, [bookIds])).rows;
}

/** Sets one. */
export async function saveTolerance(
  session: Session,
  tolerance: {
    readonly bookId: number;
    readonly assetId: number;
    readonly amountAtomic: bigint;
    readonly actorId: string;
  },
): Promise<void> {
  await session.run(save, [tolerance.bookId, tolerance.assetId, tolerance.amountAtomic, tolerance.actorId]);
}
