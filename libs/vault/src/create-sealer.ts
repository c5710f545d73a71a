import type { Sealer } from '@tollbook/usecases';
import type { Vault } from './vault.js';
import { VaultError } from './vault-error.js';

/** The `Sealer` port over a vault whose data keys were loaded; a merchant without a key is an error, not plain text. */
export function createSealer(vault: Vault): Sealer {
  return {
    seal(merchantId, plaintext, aad) {
      const keyId = vault.dataKeyIdFor(merchantId);
      if (keyId === undefined) throw new VaultError('data_key_unknown', 'no data key is loaded for this merchant');
      return vault.seal(keyId, plaintext, aad);
    },
    open: (sealed, aad) => vault.open(sealed, aad),
  };
}
