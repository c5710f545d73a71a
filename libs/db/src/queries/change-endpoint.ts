import type { EndpointChange, EndpointDraft } from '@tollbook/usecases';
import { toDbEndpointCaps } from '../mapping/endpoint-caps.mapping.js';
import { toDbRateLimits } from '../mapping/rate-limit.mapping.js';
import type { Session } from '../session.js';

const insert = {
  name: 'insert_whole_endpoint',
  text: `insert into endpoints (book_id, endpoint_id, method, path, upstream_url, description, settle_mode, timeout_ms,
      limits, requires_identifier, request_bytes_max, held_bytes_max, exposure_max)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, $13)`,
};

const update = {
  name: 'change_endpoint',
  text: `update endpoints set upstream_url = $3, description = $4, is_enabled = $5, timeout_ms = $6,
      requires_identifier = $7, settle_mode = $8, request_bytes_max = $9, held_bytes_max = $10, exposure_max = $11
    where book_id = $1 and endpoint_id = $2`,
};

const archive = {
  name: 'archive_endpoint',
  text: `update endpoints set archived_at = now() where book_id = $1 and endpoint_id = $2 and archived_at is null`,
};

/** Terms that have not begun are taken back; those in force end at the moment named, also where another was planned. */
const end = {
  name: 'end_terms',
  text: `update terms_versions
    set superseded_at = case when in_force_from > $4 then $4 else $3::timestamptz end,
      revoked_at = case when in_force_from > $4 then $4 else revoked_at end
    where book_id = $1 and endpoint_id = $2 and (superseded_at is null or superseded_at > $4::timestamptz)`,
};

/** Adds an endpoint; its route must be free, which the caller has looked at while it holds the book. */
export async function insertWholeEndpoint(session: Session, bookId: number, draft: EndpointDraft): Promise<void> {
  const { endpointId, method, path, upstreamUrl, description, settleMode, timeoutMs, limits, requiresIdentifier } =
    draft;
  const values = [bookId, endpointId, method, path, upstreamUrl, description, settleMode, timeoutMs];
  const caps = toDbEndpointCaps(draft.caps);
  await session.run(insert, [...values, toDbRateLimits(limits), requiresIdentifier, ...caps]);
}

export async function changeEndpointRow(
  session: Session,
  bookId: number,
  endpointId: string,
  change: EndpointChange,
): Promise<void> {
  const { upstreamUrl, description, isEnabled, timeoutMs, requiresIdentifier, settleMode } = change;
  const state = [upstreamUrl, description, isEnabled, timeoutMs, requiresIdentifier, settleMode];
  await session.run(update, [bookId, endpointId, ...state, ...toDbEndpointCaps(change.caps)]);
}

export async function archiveEndpointRow(session: Session, bookId: number, endpointId: string): Promise<void> {
  await session.run(archive, [bookId, endpointId]);
}

/** Ends an endpoint's terms: those in force at `at`, which is `now` or later, and those to come now. */
export async function endTerms(
  session: Session,
  bookId: number,
  endpointId: string,
  at: Date,
  now: Date,
): Promise<void> {
  await session.run(end, [bookId, endpointId, at, now]);
}
