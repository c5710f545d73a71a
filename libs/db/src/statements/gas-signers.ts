import type { AttemptRow } from '../mapping/attempt.mapping.js';
import type { Session } from '../session.js';
import { attemptRow } from './attempt-columns.js';

const address = { name: 'gas_signer_address', text: 'select s.address from gas_signers s where s.gas_signer_id = $1' };

/** Asked only where a nonce is missing, so no index waits for it. */
const failed = {
  name: 'failed_with_nonces',
  text: `select ${attemptRow('a')} from attempts a
    where a.status = 'failed' and a.signed_tx is not null and a.gas_signer_id = $1
      and a.gas_nonce >= $2 and a.gas_nonce < $3
    order by a.gas_nonce limit $4`,
};

/** The address of a gas signer; null where there is none of this id. */
export async function selectGasSignerAddress(session: Session, gasSignerId: number): Promise<Uint8Array | null> {
  return (await session.run<{ address: Uint8Array }>(address, [gasSignerId])).rows[0]?.address ?? null;
}

/** Failed attempts with a signed transaction whose gas nonce lies in a range, by nonce. */
export async function selectFailedWithNonces(
  session: Session,
  range: { readonly gasSignerId: number; readonly fromNonce: bigint; readonly toNonce: bigint; readonly limit: number },
): Promise<AttemptRow[]> {
  const { gasSignerId, fromNonce, toNonce, limit } = range;
  return (await session.run<AttemptRow>(failed, [gasSignerId, fromNonce, toNonce, limit])).rows;
}
