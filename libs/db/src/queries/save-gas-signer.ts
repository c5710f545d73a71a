import type { Session } from '../session.js';

export type GasSignerRow = {
  readonly gas_signer_id: number;
  readonly network_id: number;
  readonly address: Uint8Array;
  readonly key_sealed: Uint8Array;
};

const insert = {
  name: 'insert_gas_signer',
  text: `with known as (
      update gas_signers g set next_nonce = greatest(g.next_nonce, $4::bigint)
      where g.network_id = $1 and g.address = $2
      returning g.gas_signer_id
    )
    insert into gas_signers (network_id, address, key_sealed, next_nonce)
    select $1::smallint, $2::bytea, $3, $4::bigint
    where not exists (select from known)
    on conflict (network_id, address) do nothing`,
};

const select = {
  name: 'select_gas_signers',
  text: `select g.gas_signer_id, g.network_id, g.address, g.key_sealed from gas_signers g order by g.gas_signer_id`,
};

/**
 * Adds a signer of a network unless its address has one. Its nonce is never set back; it is set on where the chain has
 * seen more of the key than we have.
 */
export async function insertGasSigner(
  session: Session,
  signer: {
    readonly networkId: number;
    readonly address: Uint8Array;
    readonly keySealed: Uint8Array;
    readonly nextNonce: bigint;
  },
): Promise<void> {
  await session.run(insert, [signer.networkId, signer.address, signer.keySealed, signer.nextNonce]);
}

/** Every gas signer. */
export async function selectGasSigners(session: Session): Promise<GasSignerRow[]> {
  return (await session.run<GasSignerRow>(select)).rows;
}
