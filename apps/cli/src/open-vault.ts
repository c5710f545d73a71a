import type { DataKeyRecord, SetupStore } from '@tollbook/usecases';
import { Vault, VaultError } from '@tollbook/vault';
import { CliError } from './cli-error.js';

/** A vault with every data key of the database; throws a CliError when the master key is not that database's. */
export function openVault(masterKey: Buffer, dataKeys: readonly DataKeyRecord[]): Vault {
  const vault = new Vault(masterKey);
  try {
    for (const key of dataKeys) vault.addDataKey(key);
  } catch (cause) {
    if (!(cause instanceof VaultError) || cause.code !== 'master_key_wrong') throw cause;
    throw new CliError(
      'The master key is not the one that this database was set up with. Put back the master.key of its data folder, ' +
        'or set TOLLBOOK_MASTER_KEY to it.',
      { cause },
    );
  }
  return vault;
}

/** Gives a merchant (the instance, for null) a data key where it has none, and the vault that key. */
export async function ensureDataKey(setup: SetupStore, vault: Vault, merchantId: string | null): Promise<void> {
  if (vault.dataKeyIdFor(merchantId) !== undefined) return;
  vault.addDataKey(await setup.ensureDataKey(merchantId, vault.createWrappedKey()));
}
