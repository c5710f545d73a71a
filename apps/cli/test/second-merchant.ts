import { createPool, createSetupStore, loadCatalog } from '@tollbook/db';
import { createApiKey, deriveKey, keyLabels, parseMasterKey } from '@tollbook/vault';
import { masterKey, type World } from './world.js';

/** Another merchant's test book with a key to it, so that tests can see what it must not. */
export async function addMerchant(
  { databaseUrl }: Pick<World, 'databaseUrl'>,
  slug: string,
  scopes: readonly string[] = ['*'],
): Promise<{ readonly key: string }> {
  const pool = createPool(databaseUrl, { role: 'tollbook_app', max: 1, applicationName: 'second merchant' });
  try {
    const setup = createSetupStore({ pool, catalog: await loadCatalog(pool) });
    const merchantId = await setup.ensureMerchant({ slug, name: slug });
    const book = await setup.ensureBook({ merchantId, mode: 'test', gateSlug: `${slug}-test`, timeZone: 'UTC' });
    const key = createApiKey('test');
    const keyHash = key.secretHash(deriveKey(parseMasterKey(masterKey), keyLabels.apiKeys));
    await setup.addApiKey({ bookId: book.bookId, name: slug, lookup: key.lookup, keyHash, scopes });
    return { key: key.text };
  } finally {
    await pool.end();
  }
}
