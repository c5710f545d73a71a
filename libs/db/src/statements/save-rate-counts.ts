import type { RateCountDraft } from '@tollbook/usecases';
import { toDbTime } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

/** A window that has ended tells nothing any more; of two that run the fuller one is told. */
const isNewer = 't.resets_at is null or t.resets_at <= now() or excluded.used >= t.used';

/**
 * Counts of a place that has no row (a stored invoice may belong to no endpoint) are nobody's to read: they are left out,
 * or they would keep every other count of their book from being written.
 */
const save = {
  name: 'save_rate_counts',
  text: `insert into rate_limit_counts as t
      (book_id, endpoint_id, side, subject, starts_at, allowed, throttled, used, resets_at, last_seen_at)
    select $1, u.endpoint_id, u.side, u.subject,
      date_bin(case when u.subject = '' then interval '1 minute' else interval '10 minutes' end, now(), 'epoch'),
      u.allowed, u.throttled, u.used, u.resets_at, u.last_seen_at
    from unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::integer[], $8::timestamptz[],
      $9::timestamptz[]) as u (endpoint_id, side, subject, allowed, throttled, used, resets_at, last_seen_at)
    where exists (select from endpoints e where e.book_id = $1 and e.endpoint_id = u.endpoint_id)
    order by 2, 3, 4
    on conflict (book_id, endpoint_id, side, subject, starts_at) do update set
      allowed = t.allowed + excluded.allowed,
      throttled = t.throttled + excluded.throttled,
      used = case when ${isNewer} then excluded.used else t.used end,
      resets_at = case when ${isNewer} then excluded.resets_at else t.resets_at end,
      last_seen_at = greatest(t.last_seen_at, excluded.last_seen_at)`,
};

const forget = {
  name: 'forget_rate_counts',
  text: `delete from rate_limit_counts where book_id = $1 and starts_at < now() - interval '26 hours'`,
};

/** Adds counts of a process to the running minute, and of single callers to the running ten. */
export async function saveRateCounts(
  session: Session,
  bookId: number,
  drafts: readonly RateCountDraft[],
): Promise<void> {
  await session.run(save, [
    bookId,
    drafts.map((draft) => draft.endpointId),
    drafts.map((draft) => draft.side),
    drafts.map((draft) => draft.subject),
    drafts.map((draft) => draft.allowed),
    drafts.map((draft) => draft.throttled),
    drafts.map((draft) => draft.used),
    drafts.map((draft) => toDbTime(draft.resetsAtMs)),
    drafts.map((draft) => toDbTime(draft.lastSeenAtMs)),
  ]);
}

/** Deletes counts of a book that no report tells any more. */
export async function forgetRateCounts(session: Session, bookId: number): Promise<void> {
  await session.run(forget, [bookId]);
}
