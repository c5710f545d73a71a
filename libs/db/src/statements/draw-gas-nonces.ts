import type { Session } from '../session.js';

/** `first_nonce` is the first of those drawn. */
export type GasNonceRow = {
  readonly gas_signer_id: number;
  readonly address: Uint8Array;
  readonly first_nonce: bigint;
};

const statement = {
  name: 'draw_gas_nonces',
  text: `update gas_signers s set next_nonce = s.next_nonce + $2::integer
    where s.gas_signer_id = (
      select g.gas_signer_id from gas_signers g where g.network_id = $1
      order by g.created_at, g.gas_signer_id limit 1
      for update
    )
    returning s.gas_signer_id, s.address, s.next_nonce - $2::integer as first_nonce`,
};

/**
 * Draws the next `count` nonces of a network's gas signer; who draws next waits until this dbTx ends. Null without a
 * signer.
 */
export async function drawGasNonces(session: Session, networkId: number, count: number): Promise<GasNonceRow | null> {
  const { rows } = await session.run<GasNonceRow>(statement, [networkId, count]);
  return rows[0] ?? null;
}
