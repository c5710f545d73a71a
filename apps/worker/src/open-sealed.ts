import type { Sealer, SetupStore } from '@tollbook/usecases';
import { type Vault, VaultError } from '@tollbook/vault';

export type SealedDeps = {
  readonly setup: Pick<SetupStore, 'dataKeys'>;
  readonly vault: Pick<Vault, 'addDataKey'>;
  readonly sealer: Pick<Sealer, 'open'>;
};

/** Opens a sealed column; keys that were added since this process read them are read then. */
export async function openSealed(
  { setup, vault, sealer }: SealedDeps,
  sealed: Uint8Array,
  aad: string,
): Promise<Uint8Array> {
  try {
    return sealer.open(sealed, aad);
  } catch (error) {
    if (!(error instanceof VaultError) || error.code !== 'data_key_unknown') throw error;
    for (const key of await setup.dataKeys()) vault.addDataKey(key);
    return sealer.open(sealed, aad);
  }
}
