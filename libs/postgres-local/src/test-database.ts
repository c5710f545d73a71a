import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { loginName } from './ensure-login-and-database.js';
import type { LocalPostgres } from './local-postgres.js';

/** A database of one test's own; `drop` throws its remaining connections out and may be repeated. */
export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/**
 * Makes a fresh database with a random name, owned by the login of `server.url`. `template` names a database to copy,
 * for example one that is migrated; nobody may be connected to it meanwhile.
 */
export async function createTestDatabase(
  server: Pick<LocalPostgres, 'url' | 'adminUrl'>,
  template = 'template1',
): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const quotedTemplate = pg.escapeIdentifier(template);
  await runAsSuperuser(server, `create database ${name} owner ${loginName} template ${quotedTemplate}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => runAsSuperuser(server, `drop database if exists ${name} with (force)`),
  };
}

async function runAsSuperuser(server: Pick<LocalPostgres, 'adminUrl'>, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.adminUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
