import { randomBytes } from 'node:crypto';
import { createGateConfigStore, createPool, createSetupStore, loadCatalog } from '@tollbook/db';
import { createTestDatabase, type TestDatabase } from '@tollbook/postgres-local';
import { createSealer, Vault } from '@tollbook/vault';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { setUpInstance } from './set-up-instance.js';

const masterKey = randomBytes(32);
let database: TestDatabase;

beforeAll(async () => {
  const server = { url: inject('postgresUrl'), adminUrl: inject('postgresAdminUrl') };
  database = await createTestDatabase(server, inject('migratedDatabase'));
});
afterAll(async () => {
  await database?.drop();
});

/** Sets up without a sandbox; answers whether the master key was said to be in use. */
async function setUp(key: Buffer): Promise<boolean | undefined> {
  let wasInUse: boolean | undefined;
  const loadMasterKey = (isInUse: boolean) => {
    wasInUse = isInUse;
    return key;
  };
  await setUpInstance({ databaseUrl: database.url, loadMasterKey, sandbox: null });
  return wasInUse;
}

/** The keys as a process that serves would open them. */
async function openKeys() {
  const pool = createPool(database.url, { role: 'tollbook_app', max: 1, applicationName: 'test' });
  try {
    const catalog = await loadCatalog(pool);
    const vault = new Vault(masterKey);
    for (const key of await createSetupStore({ pool, catalog }).dataKeys()) vault.addDataKey(key);
    const sealKeys = await createGateConfigStore({ pool, catalog }).sealKeys();
    return sealKeys.map((key) => ({
      ...key,
      secret: createSealer(vault).open(key.secretSealed, 'seal_keys.secret'),
    }));
  } finally {
    await pool.end();
  }
}

describe('setUpInstance', () => {
  it('makes a seal key that the gate can open and use at once, and no second one when run again', async () => {
    expect(await setUp(masterKey)).toBe(false);
    expect(await setUp(masterKey)).toBe(true);
    const keys = await openKeys();
    expect(keys.length).toBe(1);
    expect(keys[0]?.secret.byteLength).toBe(32);
    const nowSeconds = Date.now() / 1000;
    expect(keys[0]?.sealFromUnixSeconds).toBeLessThan(nowSeconds);
    expect(keys[0]?.sealUntilUnixSeconds).toBeGreaterThan(nowSeconds + 29 * 86_400);
  });

  it('refuses another master key than the one the database was set up with', async () => {
    await setUp(masterKey);
    await expect(setUp(randomBytes(32))).rejects.toThrow(/not the one that this database was set up with/);
  });
});
