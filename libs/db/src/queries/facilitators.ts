import type { FacilitatorChanges, FacilitatorDraft } from '@tollbook/usecases';
import type { Session } from '../session.js';

export type FacilitatorRow = {
  readonly facilitator_id: string;
  readonly kind: string;
  readonly name: string;
  readonly url: string | null;
  readonly auth: string;
  readonly position: number;
  readonly verifies_first: boolean;
  readonly trusts_refusals: boolean;
  readonly allows_plain_http: boolean;
  readonly is_enabled: boolean;
  readonly created_at: Date;
};

export type ScorecardRow = {
  readonly facilitator_id: string | null;
  readonly sent: number;
  readonly confirmed: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly ever_unknown: number;
  readonly unknown_now: number;
  readonly said_done_never_seen: number;
  readonly said_no_but_came: number;
  readonly said_other_hash: number;
  readonly last_settled_at: Date | null;
};

const columns = `f.facilitator_id, f.kind, f.name, f.url, f.auth, f.position, f.verifies_first, f.trusts_refusals,
  f.allows_plain_http, f.is_enabled, f.created_at`;

const list = {
  name: 'list_facilitators',
  text: `select ${columns} from facilitators f
    where f.book_id = $1 and f.archived_at is null
    order by f.position, f.facilitator_id`,
};

const one = {
  name: 'read_facilitator',
  text: `select ${columns} from facilitators f
    where f.book_id = $1 and f.facilitator_id = $2 and f.archived_at is null`,
};

const insert = {
  name: 'insert_facilitator',
  text: `insert into facilitators (book_id, facilitator_id, kind, name, url, auth, credentials_sealed, position,
      verifies_first, trusts_refusals, allows_plain_http)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    on conflict do nothing`,
};

const update = {
  name: 'update_facilitator',
  text: `update facilitators f
    set name = coalesce($3, f.name), credentials_sealed = coalesce($4, f.credentials_sealed),
      position = coalesce($5, f.position), verifies_first = coalesce($6, f.verifies_first),
      trusts_refusals = coalesce($7, f.trusts_refusals), is_enabled = coalesce($8, f.is_enabled)
    where f.book_id = $1 and f.facilitator_id = $2 and f.archived_at is null`,
};

const archive = {
  name: 'archive_facilitator',
  text: `update facilitators f set archived_at = now(), is_enabled = false
    where f.book_id = $1 and f.facilitator_id = $2 and f.archived_at is null`,
};

/**
 * What was ever in doubt keeps a word for it in `raw_reason`; what it was told then is that word. A refusal that was
 * taken at its word was never in doubt, and is told from others by who said it.
 */
const scorecards = {
  name: 'read_facilitator_scorecards',
  text: `with sent as (
      select a.facilitator_id, a.status, a.raw_reason, a.submitted_at, a.claimed_tx_hash,
        case when a.raw_reason is null then round(extract(epoch from a.submitted_at - a.sent_at) * 1000) end as ms,
        a.status = 'failed' and coalesce(a.evidence ? 'refusedBy', false) as was_believed,
        a.raw_reason like 'refused%' and (a.status in ('confirmed', 'final') or a.status = 'failed' and exists (
          select from allocations al
          where al.book_id = a.book_id and al.intent_id = a.intent_id and al.bucket = 'late'
            and al.reversed_at is null)) as said_no_but_came
      from attempts a
      where a.book_id = $1 and a.sent_at > now() - $2 * interval '1 day'
        and num_nonnulls(a.facilitator_id, a.gas_signer_id) = 1
    )
    select s.facilitator_id, count(*)::integer as sent,
      count(*) filter (where s.status in ('confirmed', 'final'))::integer as confirmed,
      round(percentile_cont(0.5) within group (order by s.ms))::integer as p50,
      round(percentile_cont(0.95) within group (order by s.ms))::integer as p95,
      count(*) filter (where s.raw_reason is not null and not s.was_believed)::integer as ever_unknown,
      count(*) filter (where s.status = 'unknown')::integer as unknown_now,
      count(*) filter (where s.submitted_at is not null
        and (s.status = 'failed' or (s.status = 'unknown' and s.raw_reason = 'not_seen')))::integer
        as said_done_never_seen,
      count(*) filter (where s.said_no_but_came)::integer as said_no_but_came,
      count(*) filter (where s.claimed_tx_hash is not null)::integer as said_other_hash,
      max(s.submitted_at) filter (where s.status in ('confirmed', 'final')) as last_settled_at
    from sent s
    group by s.facilitator_id`,
};

/** The book's facilitators in the order in which they are asked. */
export async function listFacilitators(session: Session, bookId: number): Promise<FacilitatorRow[]> {
  return (await session.run<FacilitatorRow>(list, [bookId])).rows;
}

/** One facilitator of the book that was not removed, or null. */
export async function readFacilitator(session: Session, bookId: number, id: string): Promise<FacilitatorRow | null> {
  return (await session.run<FacilitatorRow>(one, [bookId, id])).rows[0] ?? null;
}

/** Adds one; nothing where its id is taken, or it would be the second built-in one. */
export async function insertFacilitator(
  session: Session,
  bookId: number,
  id: string,
  draft: FacilitatorDraft,
): Promise<void> {
  const { kind, name, url, auth, credentialsSealed, position, verifiesFirst, trustsRefusals, allowsPlainHttp } = draft;
  const asked = [position, verifiesFirst, trustsRefusals, allowsPlainHttp];
  await session.run(insert, [bookId, id, kind, name, url, auth, credentialsSealed, ...asked]);
}

/** Changes what is told and leaves the rest. */
export async function updateFacilitator(
  session: Session,
  bookId: number,
  id: string,
  { name, credentialsSealed, position, verifiesFirst, trustsRefusals, isEnabled }: FacilitatorChanges,
): Promise<void> {
  const changes = [name, credentialsSealed, position, verifiesFirst, trustsRefusals, isEnabled];
  await session.run(update, [bookId, id, ...changes.map((value) => value ?? null)]);
}

/** Removes one from sight; attempts that were sent to it still name it. */
export async function archiveFacilitator(session: Session, bookId: number, id: string): Promise<void> {
  await session.run(archive, [bookId, id]);
}

/** How payments went that were sent in the last days, one row a facilitator. */
export async function readScorecards(session: Session, bookId: number, days: number): Promise<ScorecardRow[]> {
  return (await session.run<ScorecardRow>(scorecards, [bookId, days])).rows;
}
