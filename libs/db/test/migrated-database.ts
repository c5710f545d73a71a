import { createTestDatabase, type TestDatabase } from '@tollbook/postgres-local';
import { inject } from 'vitest';
import { migrate } from '../src/migrate.js';

/** The server of this run, as the functions of postgres-local take it. */
export function testServer(): { url: string; adminUrl: string } {
  return { url: inject('postgresUrl'), adminUrl: inject('postgresAdminUrl') };
}

/** A database of one test file's own, migrated. */
export async function createMigratedDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase(testServer());
  await migrate(database.url);
  return database;
}
