import type { RateOverrideRow } from '../mapping/rate-limit.mapping.js';
import type { Session } from '../session.js';

export type LimitedEndpointRow = {
  readonly endpoint_id: string;
  readonly method: string;
  readonly path: string;
  readonly limits: unknown;
};

export type RateOverrideRecordRow = RateOverrideRow & {
  readonly rate_limit_override_id: string;
  readonly reason: string;
  readonly created_at: Date;
};

const endpointColumns = 'e.endpoint_id, e.method, e.path, e.limits';

const list = {
  name: 'list_limited_endpoints',
  text: `select ${endpointColumns} from endpoints e
    where e.book_id = $1 and e.archived_at is null and ($2::uuid is null or e.endpoint_id < $2)
    order by e.endpoint_id desc
    limit $3`,
};

const one = {
  name: 'select_limited_endpoint',
  text: `select ${endpointColumns} from endpoints e
    where e.book_id = $1 and e.endpoint_id = $2 and e.archived_at is null`,
};

const update = {
  name: 'update_limits',
  text: 'update endpoints set limits = $3 where book_id = $1 and endpoint_id = $2',
};

const overrideColumns = `o.rate_limit_override_id, o.subject_kind, o.subject, o.endpoint_id, o.action, o.points,
  o.window_seconds, o.burst, o.expires_at, o.reason, o.created_at`;

const listOverrides = {
  name: 'list_rate_overrides',
  text: `select ${overrideColumns} from rate_limit_overrides o
    where o.book_id = $1 and (o.expires_at is null or o.expires_at > now())
      and ($2::uuid is null or o.rate_limit_override_id < $2)
    order by o.rate_limit_override_id desc
    limit $3`,
};

const sameSubject = {
  name: 'take_same_rate_override',
  text: `delete from rate_limit_overrides o
    where o.book_id = $1 and o.subject_kind = $2 and o.subject = $3 and o.endpoint_id is not distinct from $4::uuid
    returning ${overrideColumns}`,
};

const insert = {
  name: 'insert_rate_override',
  text: `insert into rate_limit_overrides as o (book_id, rate_limit_override_id, subject_kind, subject, endpoint_id,
      action, points, window_seconds, burst, expires_at, reason, actor_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    returning ${overrideColumns}`,
};

const remove = {
  name: 'delete_rate_override',
  text: `delete from rate_limit_overrides o where o.book_id = $1 and o.rate_limit_override_id = $2
    returning ${overrideColumns}`,
};

/** Endpoints of a book that are not archived, newest first. */
export async function listLimitedEndpoints(
  session: Session,
  bookId: number,
  after: string | null,
  limit: number,
): Promise<LimitedEndpointRow[]> {
  return (await session.run<LimitedEndpointRow>(list, [bookId, after, limit])).rows;
}

/** One endpoint that is not archived, or null. */
export async function selectLimitedEndpoint(
  session: Session,
  bookId: number,
  endpointId: string,
): Promise<LimitedEndpointRow | null> {
  return (await session.run<LimitedEndpointRow>(one, [bookId, endpointId])).rows[0] ?? null;
}

/** Writes the limits of an endpoint, as `toDbRateLimits` makes them. */
export async function updateLimits(session: Session, bookId: number, endpointId: string, limits: string) {
  await session.run(update, [bookId, endpointId, limits]);
}

/** Exceptions of a book that have not expired, newest first. */
export async function listRateOverrides(
  session: Session,
  bookId: number,
  after: string | null,
  limit: number,
): Promise<RateOverrideRecordRow[]> {
  return (await session.run<RateOverrideRecordRow>(listOverrides, [bookId, after, limit])).rows;
}

/** Deletes the exception of a subject at an endpoint and gives it back; null where there was none. */
export async function takeSameOverride(
  session: Session,
  bookId: number,
  of: { readonly subjectKind: string; readonly subject: string; readonly endpointId: string | null },
): Promise<RateOverrideRecordRow | null> {
  const values = [bookId, of.subjectKind, of.subject, of.endpointId];
  return (await session.run<RateOverrideRecordRow>(sameSubject, values)).rows[0] ?? null;
}

/** Inserts an exception, its values in the order of the table, and gives it back. */
export async function insertRateOverride(
  session: Session,
  values: readonly unknown[],
): Promise<RateOverrideRecordRow | undefined> {
  return (await session.run<RateOverrideRecordRow>(insert, values)).rows[0];
}

/** Deletes an exception and gives it back; null where there is none. */
export async function deleteRateOverride(
  session: Session,
  bookId: number,
  overrideId: string,
): Promise<RateOverrideRecordRow | null> {
  return (await session.run<RateOverrideRecordRow>(remove, [bookId, overrideId])).rows[0] ?? null;
}
