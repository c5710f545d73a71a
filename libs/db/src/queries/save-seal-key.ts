import type { Session } from '../session.js';

const lock = {
  name: 'lock_seal_keys',
  text: `select pg_advisory_xact_lock(hashtext('tollbook.seal_keys'))`,
};

/** A minute of tolerance for whoever stamped `seal_from` by a clock that is ahead. */
const insert = {
  name: 'insert_seal_key',
  text: `insert into seal_keys (scope, secret_sealed, seal_from, seal_until)
    select 'instance', $1, $2, $3
    where not exists (
      select from seal_keys k
      where k.scope = 'instance' and k.revoked_at is null and k.seal_from <= now() + interval '1 minute'
        and k.seal_until >= $4
    )`,
};

/** Lets one dbTx after the other look whether a seal key is missing. */
export async function lockSealKeys(session: Session): Promise<void> {
  await session.run(lock);
}

/** Adds a seal key of the instance unless one that is usable now reaches to `untilMin`. */
export async function insertSealKey(
  session: Session,
  key: { readonly secretSealed: Uint8Array; readonly from: Date; readonly until: Date; readonly untilMin: Date },
): Promise<void> {
  await session.run(insert, [key.secretSealed, key.from, key.until, key.untilMin]);
}
