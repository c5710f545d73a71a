import type { Session } from '../session.js';

type NonceRow = { readonly nonce: Uint8Array };

/** The statuses are those of the index `attempts_in_flight`. */
const statement = {
  name: 'select_open_nonces',
  text: `select a.nonce from attempts a
    where a.status in ('claimed', 'verified', 'submitting', 'submitted', 'unknown')
      and a.network_id = $1 and a.nonce is not null
    limit $2`,
};

/** Nonces of attempts in flight on a network, in no order. */
export async function selectOpenNonces(session: Session, networkId: number, limit: number): Promise<Uint8Array[]> {
  const { rows } = await session.run<NonceRow>(statement, [networkId, limit]);
  return rows.map(({ nonce }) => nonce);
}
