import type { Session } from '../session.js';

/** `first_nonce` is the first of those drawn. */
export type GasNonceRow = {
  readonly gas_signer_id: number;
  readonly first_nonce: bigint;
};

const statement = {
  name: 'draw_gas_nonces',
  text: `update gas_signers s set next_nonce = s.next_nonce + $3::integer
    where s.network_id = $1 and s.address = $2
    returning s.gas_signer_id, s.next_nonce - $3::integer as first_nonce`,
};

/**
 * Draws the next `count` nonces of a gas signer; who draws next waits until this dbTx ends. Null for one that nobody set
 * up.
 */
export async function drawGasNonces(
  session: Session,
  networkId: number,
  address: Uint8Array,
  count: number,
): Promise<GasNonceRow | null> {
  const { rows } = await session.run<GasNonceRow>(statement, [networkId, address, count]);
  return rows[0] ?? null;
}
