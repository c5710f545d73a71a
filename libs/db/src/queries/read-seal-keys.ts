import { offerGraceSeconds } from '@tollbook/domain';
import type { Session } from '../session.js';

export type SealKeyRow = {
  readonly key_id: number;
  readonly secret_sealed: Uint8Array;
  readonly seal_from: Date;
  readonly seal_until: Date;
  readonly revoked_at: Date | null;
};

/**
 * How long any terms may let an offer live, and so how long a key is read after its last offer. One that stays longer
 * than its offers harms nothing: they have expired by their own terms.
 */
export const offerTtlSecondsMax = 86_400;

const statement = {
  name: 'read_seal_keys',
  text: `select k.key_id, k.secret_sealed, k.seal_from, k.seal_until, k.revoked_at
    from seal_keys k
    where k.scope = 'instance' and k.seal_until + $1::integer * interval '1 second' >= now()
    order by k.key_id`,
};

/** The instance's seal keys under which an offer may still be open, those to come and revoked ones among them. */
export async function readSealKeys(session: Session): Promise<SealKeyRow[]> {
  return (await session.run<SealKeyRow>(statement, [offerTtlSecondsMax + offerGraceSeconds])).rows;
}
