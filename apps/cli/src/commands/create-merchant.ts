import { createMemberStore, createSetupStore } from '@tollbook/db';
import { commandContext, type SetupStore } from '@tollbook/usecases';
import { loadExistingMasterKey } from '../load-master-key.js';
import { withDatabase } from '../open-database.js';
import { ensureDataKey, openVault } from '../open-vault.js';
import type { Command } from '../parse-command.js';
import type { Terminal } from '../terminal.js';

type CreateCommand = Extract<Command, { kind: 'merchant_create' }>;

/** `tollbook merchant create`: a merchant with its live and its test book. Run again, it completes what is missing. */
export async function createMerchant(command: CreateCommand, terminal: Terminal): Promise<number> {
  const { slug } = command;
  await withDatabase('tollbook_app', async ({ config, pool, catalog }) => {
    const setup = createSetupStore({ pool, catalog, by: commandContext });
    const vault = openVault(loadExistingMasterKey(config), await setup.dataKeys());
    const merchantId = await setup.ensureMerchant({ slug, name: command.name });
    // Before the books: the gate learns of a merchant's key when it sees a book of it first.
    await ensureDataKey(setup, vault, merchantId);
    await addBooks(setup, merchantId, command);
    await createMemberStore(pool).ownOrphans();
  });
  terminal.print(`Merchant "${slug}": live at /g/${slug}/…, test at /g/${slug}-test/…`);
  terminal.print(`Make a key: npx tollbook key create --name NAME --merchant ${slug} --mode live`);
  return 0;
}

/** Throws `SetupRefused` where a slug is another book's. */
async function addBooks(setup: SetupStore, merchantId: string, { slug, timeZone }: CreateCommand): Promise<void> {
  await setup.ensureBook({ merchantId, mode: 'live', gateSlug: slug, timeZone });
  await setup.ensureBook({ merchantId, mode: 'test', gateSlug: `${slug}-test`, timeZone });
}
