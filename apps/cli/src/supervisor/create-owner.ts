import { createAccounts } from '@tollbook/accounts';
import type { Config } from '@tollbook/config';
import { createMemberStore, createPool } from '@tollbook/db';
import { ensureOwner, type FirstOwner } from '@tollbook/usecases';
import { deriveKey, keyLabels } from '@tollbook/vault';
import { generatePassword } from '../generate-password.js';
import { loadExistingMasterKey } from '../load-master-key.js';

export type OwnerInput = {
  readonly databaseUrl: string;
  readonly config: Config;
  readonly report: (error: Error) => void;
};

/**
 * Adds the first person of an instance that is set up: with the e-mail and password of the configuration, else with a
 * password made here, which nobody can read again later. Null where there is somebody already.
 */
export async function createOwner({ databaseUrl, config, report }: OwnerInput): Promise<FirstOwner | null> {
  const { publicUrl, adminEmail = null, adminPassword = null } = config;
  const pool = createPool(databaseUrl, { role: 'tollbook_app', max: 2, applicationName: 'tollbook setup' });
  try {
    const secret = deriveKey(loadExistingMasterKey(config), keyLabels.sessions);
    const accounts = createAccounts({ pool, secret, publicUrl, report });
    const members = createMemberStore(pool);
    return await ensureOwner({ accounts, members, generatePassword }, { email: adminEmail, password: adminPassword });
  } finally {
    await pool.end();
  }
}
