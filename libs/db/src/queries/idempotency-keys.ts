import type { IdempotencyName } from '@tollbook/usecases';
import type { Session } from '../session.js';

export type IdempotencyRow = {
  readonly fingerprint: Uint8Array;
  readonly status: string;
  readonly http_status: number | null;
  readonly response_sealed: Uint8Array | null;
};

/** A statement takes milliseconds; a request that runs for longer has lost its process. */
const leaseSeconds = 30;
const keepHours = 24;

/** A row that is kept no longer counts as none; a lapsed one keeps its moment, which its request's ids are made of. */
const begin = {
  name: 'begin_idempotent',
  text: `insert into idempotency_keys as k (book_id, route, key, fingerprint, status, lease_until, keep_until, created_at)
    values ($1, $2, $3, $4, 'running', now() + ${leaseSeconds} * interval '1 second',
      now() + ${keepHours} * interval '1 hour', date_trunc('milliseconds', now()))
    on conflict (book_id, route, key) do update
      set fingerprint = excluded.fingerprint, status = 'running', lease_until = excluded.lease_until,
        http_status = null, response_sealed = null, keep_until = excluded.keep_until,
        created_at = case when k.keep_until < now() then excluded.created_at else k.created_at end
      where k.keep_until < now()
        or (k.status = 'running' and k.lease_until < now() and k.fingerprint = excluded.fingerprint)
    returning k.created_at`,
};

const read = {
  name: 'read_idempotent',
  text: `select k.fingerprint, k.status, k.http_status, k.response_sealed from idempotency_keys k
    where k.book_id = $1 and k.route = $2 and k.key = $3`,
};

const finish = {
  name: 'finish_idempotent',
  text: `update idempotency_keys set status = 'done', lease_until = null, http_status = $4, response_sealed = $5
    where book_id = $1 and route = $2 and key = $3 and status = 'running'`,
};

const release = {
  name: 'release_idempotent',
  text: `delete from idempotency_keys where book_id = $1 and route = $2 and key = $3 and status = 'running'`,
};

const lapse = {
  name: 'lapse_idempotent',
  text: `update idempotency_keys set lease_until = now() - interval '1 second'
    where book_id = $1 and route = $2 and key = $3 and status = 'running'`,
};

/** A few of the book's old keys at a time, where one is written anyway. */
const prune = {
  name: 'prune_idempotent',
  text: `delete from idempotency_keys where (book_id, route, key) in (
      select k.book_id, k.route, k.key from idempotency_keys k
      where k.book_id = $1 and k.keep_until < now()
      order by k.keep_until limit 20
      for update skip locked
    )`,
};

const valuesOf = ({ bookId, route, key }: IdempotencyName) => [bookId, route, key];

/** Takes a key; resolves to the moment it was taken first, or null where another run holds or ended it. */
export async function beginIdempotent(
  session: Session,
  name: IdempotencyName,
  fingerprint: Uint8Array,
): Promise<Date | null> {
  const { rows } = await session.run<{ created_at: Date }>(begin, [...valuesOf(name), fingerprint]);
  return rows[0]?.created_at ?? null;
}

export async function readIdempotent(session: Session, name: IdempotencyName): Promise<IdempotencyRow | null> {
  return (await session.run<IdempotencyRow>(read, valuesOf(name))).rows[0] ?? null;
}

/** Keeps an answer, and lets a few go that nobody may ask for any more. */
export async function finishIdempotent(
  session: Session,
  name: IdempotencyName,
  answer: { readonly httpStatus: number; readonly responseSealed: Uint8Array },
): Promise<void> {
  await session.run(finish, [...valuesOf(name), answer.httpStatus, answer.responseSealed]);
  await session.run(prune, [name.bookId]);
}

export async function releaseIdempotent(session: Session, name: IdempotencyName): Promise<void> {
  await session.run(release, valuesOf(name));
}

export async function lapseIdempotent(session: Session, name: IdempotencyName): Promise<void> {
  await session.run(lapse, valuesOf(name));
}
