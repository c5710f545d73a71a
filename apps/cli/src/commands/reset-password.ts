import { createAccounts } from '@tollbook/accounts';
import { deriveKey, keyLabels } from '@tollbook/vault';
import { CliError } from '../cli-error.js';
import { generatePassword } from '../generate-password.js';
import { loadExistingMasterKey } from '../load-master-key.js';
import { withDatabase } from '../open-database.js';
import type { Terminal } from '../terminal.js';

/** `tollbook user reset-password`: makes a new password, prints it alone on stdout, and ends the person's sessions. */
export async function resetPassword(email: string, terminal: Terminal): Promise<number> {
  const password = generatePassword();
  const isKnown = await withDatabase('tollbook_app', async ({ config, pool }) => {
    const secret = deriveKey(loadExistingMasterKey(config), keyLabels.sessions);
    const report = (error: Error) => terminal.say(error.message);
    const accounts = createAccounts({ pool, secret, publicUrl: config.publicUrl, report });
    return accounts.resetPassword(email, password);
  });
  if (!isKnown) throw new CliError(`Nobody signs in as ${email}.`);
  terminal.print(password);
  return 0;
}
