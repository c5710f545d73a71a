import { createSetupStore } from '@tollbook/db';
import { commandContext } from '@tollbook/usecases';
import { createApiKey, deriveKey, keyLabels } from '@tollbook/vault';
import { CliError } from '../cli-error.js';
import { loadExistingMasterKey } from '../load-master-key.js';
import { withDatabase } from '../open-database.js';
import type { Command } from '../parse-command.js';
import type { Terminal } from '../terminal.js';

/** `tollbook key create`: adds an API key to a book and prints it, alone on stdout and never again. */
export async function createKey(
  command: Extract<Command, { kind: 'key_create' }>,
  terminal: Terminal,
): Promise<number> {
  const { name, merchantSlug, mode, scopes } = command;
  const text = await withDatabase('tollbook_app', async ({ config, pool, catalog }) => {
    const masterKey = loadExistingMasterKey(config);
    const setup = createSetupStore({ pool, catalog, by: commandContext });
    const book = await setup.bookOf(merchantSlug, mode);
    if (book === null) throw new CliError(`There is no merchant "${merchantSlug}" with a ${mode} book.`);
    const key = createApiKey(mode);
    const keyHash = key.secretHash(deriveKey(masterKey, keyLabels.apiKeys));
    await setup.addApiKey({ bookId: book.bookId, name, lookup: key.lookup, keyHash, scopes });
    return key.text;
  });
  terminal.print(text);
  return 0;
}
