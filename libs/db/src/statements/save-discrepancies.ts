import type { DiscrepancyDraft } from '@tollbook/usecases';
import type { Session } from '../session.js';

/** What an open record is known by. */
export type DiscrepancyKeyRow = { readonly book_id: number; readonly kind: string; readonly subject_id: string };

const open = {
  name: 'open_discrepancies',
  text: `insert into discrepancies (book_id, discrepancy_id, kind, subject_id, intent_id, transfer_id, amount_atomic)
    select * from unnest($1::integer[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::numeric[])
      as u (book_id, discrepancy_id, kind, subject_id, intent_id, transfer_id, amount_atomic)
    order by u.book_id, u.kind, u.subject_id
    on conflict (book_id, kind, subject_id) where closed_at is null do nothing
    returning book_id, kind, subject_id`,
};

const close = {
  name: 'close_discrepancies',
  text: `update discrepancies d set closed_at = now(), resolution = $4
    from unnest($1::integer[], $2::text[], $3::uuid[]) as u (book_id, kind, subject_id)
    where d.book_id = u.book_id and d.kind = u.kind and d.subject_id = u.subject_id and d.closed_at is null`,
};

/** Opens records under ids made by the caller; resolves to those that were not open before. */
export async function openDiscrepancies(
  session: Session,
  drafts: readonly (DiscrepancyDraft & { readonly discrepancyId: string })[],
): Promise<DiscrepancyKeyRow[]> {
  const { rows } = await session.run<DiscrepancyKeyRow>(open, [
    drafts.map((draft) => draft.bookId),
    drafts.map((draft) => draft.discrepancyId),
    drafts.map((draft) => draft.kind),
    drafts.map((draft) => draft.subjectId),
    drafts.map((draft) => draft.intentId),
    drafts.map((draft) => draft.transferId),
    drafts.map((draft) => draft.amountAtomic),
  ]);
  return rows;
}

/** Closes the open records of these kinds and subjects. */
export async function closeDiscrepancies(
  session: Session,
  keys: readonly Pick<DiscrepancyDraft, 'bookId' | 'kind' | 'subjectId'>[],
  resolution: string,
): Promise<void> {
  await session.run(close, [
    keys.map((key) => key.bookId),
    keys.map((key) => key.kind),
    keys.map((key) => key.subjectId),
    resolution,
  ]);
}
