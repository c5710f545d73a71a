import { createTestDatabase, type TestDatabase } from '@tollbook/postgres-local';
import { inject } from 'vitest';

/** The server of this run, as the functions of postgres-local take it. */
export function testServer(): { url: string; adminUrl: string } {
  return { url: inject('postgresUrl'), adminUrl: inject('postgresAdminUrl') };
}

/** A database of one test file's own, migrated. */
export function createMigratedDatabase(): Promise<TestDatabase> {
  return createTestDatabase(testServer(), inject('migratedDatabase'));
}
