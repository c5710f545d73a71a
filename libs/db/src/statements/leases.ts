import type { Lease } from '@tollbook/usecases';
import type { Session } from '../session.js';

type FenceRow = { readonly fence: bigint };

/** The insert waits for nobody: a row that stands is left to the update, which looks at it without locking it. */
const take = {
  name: 'take_lease',
  text: `with renewed as (
      update leases l
      set holder = $2, fence = l.fence + (l.holder is distinct from $2)::integer,
        expires_at = now() + $3 * interval '1 millisecond'
      where l.name = $1 and (l.expires_at < now() or l.holder = $2)
      returning l.fence
    ), made as (
      insert into leases (name, holder, fence, expires_at)
      select $1, $2, 1, now() + $3 * interval '1 millisecond'
      where not exists (select from leases l where l.name = $1)
      on conflict (name) do nothing
      returning fence
    )
    select fence from renewed union all select fence from made`,
};

const release = {
  name: 'release_lease',
  text: `update leases l set holder = null, expires_at = '-infinity'
    where l.name = $1 and l.fence = $2 and l.holder = $3`,
};

/** Held as long as the dbTx: whoever wants to take the lease over waits for its end. */
const hold = {
  name: 'hold_lease',
  text: 'select l.fence from leases l where l.name = $1 and l.fence = $2 and l.expires_at > now() for share',
};

/** Takes or renews a lease; the fence under which it is ours, or null while another holder's runs. */
export async function takeLease(
  session: Session,
  name: string,
  holder: string,
  durationMs: number,
): Promise<bigint | null> {
  const { rows } = await session.run<FenceRow>(take, [name, holder, durationMs]);
  return rows[0]?.fence ?? null;
}

/** Gives a lease back, if it is still ours. */
export async function releaseLease(session: Session, lease: Lease): Promise<void> {
  await session.run(release, [lease.name, lease.fence, lease.holder]);
}

/** Whether the lease is ours now; if so, until the end of this dbTx. */
export async function holdLease(session: Session, lease: Lease): Promise<boolean> {
  const { rowCount } = await session.run<FenceRow>(hold, [lease.name, lease.fence]);
  return rowCount === 1;
}
