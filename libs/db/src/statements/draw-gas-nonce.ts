import type { Session } from '../session.js';

/** `nonce` is the one drawn, not the next. */
export type GasNonceRow = {
  readonly gas_signer_id: number;
  readonly address: Uint8Array;
  readonly nonce: bigint;
};

const statement = {
  name: 'draw_gas_nonce',
  text: `update gas_signers s set next_nonce = s.next_nonce + 1
    where s.gas_signer_id = (
      select g.gas_signer_id from gas_signers g where g.network_id = $1
      order by g.created_at, g.gas_signer_id limit 1
      for update
    )
    returning s.gas_signer_id, s.address, s.next_nonce - 1 as nonce`,
};

/** Draws the next nonce of a network's gas signer; who draws next waits until this dbTx ends. Null without a signer. */
export async function drawGasNonce(session: Session, networkId: number): Promise<GasNonceRow | null> {
  const { rows } = await session.run<GasNonceRow>(statement, [networkId]);
  return rows[0] ?? null;
}
