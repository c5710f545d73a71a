import type { DiscrepancyFilter } from '@tollbook/usecases';
import type { DiscrepancyRow } from '../mapping/discrepancy.mapping.js';
import type { Session } from '../session.js';

/** Everything that `DiscrepancyRow` holds, of `d`; the asset is that of the money it is about. */
export const discrepancyRow = `select d.discrepancy_id, d.kind, d.subject_id, d.intent_id, d.transfer_id,
    coalesce(t.asset_id, i.asset_id) as asset_id, d.amount_atomic, d.created_at, d.closed_at, d.resolution, d.note,
    d.assignee_id, u.name as assignee_name
  from discrepancies d
  left join transfers t on t.book_id = d.book_id and t.transfer_id = d.transfer_id
  left join payment_intents i on i.book_id = d.book_id and i.intent_id = d.intent_id
  left join auth.users u on u.id = d.assignee_id`;

const statement = {
  // Without a name it is planned with its values.
  name: '',
  text: `${discrepancyRow}
    where d.book_id = $1 and ($2::uuid is null or d.discrepancy_id < $2)
      and ($3::boolean is null or (d.closed_at is null) = $3)
      and ($4::text is null or d.kind = $4)
      and ($5::text is null or coalesce(d.assignee_id, '') = $5)
    order by d.discrepancy_id desc
    limit $6`,
};

const one = {
  name: 'read_discrepancy',
  text: `${discrepancyRow}
    where d.book_id = $1 and d.discrepancy_id = $2`,
};

/** A page of the book's discrepancies, newest first; null lets everything pass. */
export async function listDiscrepancyRows(
  session: Session,
  bookId: number,
  filter: DiscrepancyFilter & { readonly after: string | null },
  limit: number,
): Promise<DiscrepancyRow[]> {
  const assignee = filter.assignee ? (filter.assignee.userId ?? '') : null;
  const values = [bookId, filter.after, filter.isOpen, filter.kind, assignee, limit];
  return (await session.run<DiscrepancyRow>(statement, values)).rows;
}

/** One discrepancy of the book. */
export async function readDiscrepancyRow(
  session: Session,
  bookId: number,
  discrepancyId: string,
): Promise<DiscrepancyRow | undefined> {
  return (await session.run<DiscrepancyRow>(one, [bookId, discrepancyId])).rows[0];
}
