import type { SignInTries } from '@tollbook/domain';
import type { Session } from '../session.js';

/** Held until the transaction ends, so that a subject without a row yet is one's own too. */
const lock = {
  name: 'lock_sign_in_subjects',
  text: 'select pg_advisory_xact_lock(key) from unnest($1::bigint[]) key',
};

const select = {
  name: 'select_sign_in_tries',
  text: `select t.subject, t.failures, t.blocked_until, t.last_at from auth.sign_in_tries t
    where t.subject = any ($1::bytea[])`,
};

const upsert = {
  name: 'save_sign_in_tries',
  text: `insert into auth.sign_in_tries (subject, failures, blocked_until, last_at)
    select * from unnest($1::bytea[], $2::integer[], $3::timestamptz[], $4::timestamptz[])
    on conflict (subject) do update
    set failures = excluded.failures, blocked_until = excluded.blocked_until, last_at = excluded.last_at`,
};

const remove = {
  name: 'forget_sign_in_tries',
  text: 'delete from auth.sign_in_tries t where t.last_at < $1',
};

type TriesRow = {
  readonly subject: Buffer;
  readonly failures: number;
  readonly blocked_until: Date;
  readonly last_at: Date;
};

/** Waits until nobody else changes these subjects. */
export async function lockSignInSubjects(session: Session, subjects: readonly Uint8Array[]): Promise<void> {
  // All take them in one order, so none waits for another in a ring.
  const keys = subjects.map((subject) => Buffer.from(subject).readBigInt64BE()).sort((a, b) => (a < b ? -1 : 1));
  await session.run(lock, [keys.map(String)]);
}

/** What is known of the subjects, in their order. */
export async function selectSignInTries(
  session: Session,
  subjects: readonly Uint8Array[],
): Promise<(SignInTries | null)[]> {
  const { rows } = await session.run<TriesRow>(select, [subjects.map((subject) => Buffer.from(subject))]);
  return subjects.map((subject) => {
    const row = rows.find((each) => each.subject.equals(subject));
    if (!row) return null;
    const { failures, blocked_until, last_at } = row;
    return { failures, blockedUntilMs: blocked_until.getTime(), lastAtMs: last_at.getTime() };
  });
}

/** Writes what the subjects came to, in their order. */
export async function saveSignInTries(
  session: Session,
  subjects: readonly Uint8Array[],
  tries: readonly SignInTries[],
): Promise<void> {
  await session.run(upsert, [
    subjects.map((subject) => Buffer.from(subject)),
    tries.map((each) => each.failures),
    tries.map((each) => new Date(each.blockedUntilMs)),
    tries.map((each) => new Date(each.lastAtMs)),
  ]);
}

/** Deletes what was last counted before a moment. */
export async function forgetSignInTries(session: Session, beforeMs: number): Promise<void> {
  await session.run(remove, [new Date(beforeMs)]);
}
