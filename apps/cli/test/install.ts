import { createPool, createSetupStore, loadCatalog, migrate } from '@tollbook/db';
import { migrateQueue } from '@tollbook/queue';
import { createApiKey, deriveKey, keyLabels, parseMasterKey } from '@tollbook/vault';
import { setUpInstance } from '../src/supervisor/set-up-instance.js';
import { masterKey, type World } from './world.js';

/**
 * What the supervisor does before it starts the api, and an API key for the demo merchant. May run again. Only with the
 * api's address do the demo merchant's webhooks go to its inbox.
 */
export async function install(world: World, apiUrl?: string): Promise<{ readonly key: string }> {
  const { databaseUrl, dataDir, upstream } = world;
  await migrate(databaseUrl);
  await migrateQueue(databaseUrl);
  const parsed = parseMasterKey(masterKey);
  const sandbox = { dataDir, upstreamUrl: upstream.url, ...(apiUrl === undefined ? {} : { apiUrl }) };
  await setUpInstance({ databaseUrl, loadMasterKey: () => parsed, sandbox });
  const pool = createPool(databaseUrl, { role: 'tollbook_app', max: 1, applicationName: 'install' });
  try {
    const setup = createSetupStore({ pool, catalog: await loadCatalog(pool) });
    const book = await setup.bookOf('demo', 'test');
    if (!book) throw new Error('the demo merchant is set up with the sandbox');
    const key = createApiKey('test');
    const keyHash = key.secretHash(deriveKey(parsed, keyLabels.apiKeys));
    await setup.addApiKey({ bookId: book.bookId, name: 'test', lookup: key.lookup, keyHash, scopes: ['*'] });
    return { key: key.text };
  } finally {
    await pool.end();
  }
}
