import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { ensurePartitions } from './ensure-partitions.js';
import { ensureRoles } from './roles.js';
import { hasMigrationsSql, newestMigrationSql, serverVersionSql } from './statements/read-migrations.js';

/** At the root of the repository, as seen from `src` and from `dist` alike. */
const migrationsFolder = fileURLToPath(new URL('../../../migrations', import.meta.url));

/** Any number that nothing else takes an advisory lock on in this database. */
const migrationLock = 7_026_403;
const takeLock = `select pg_advisory_lock(${migrationLock})`;
const connectTimeoutMs = 10_000;

export type MigrateOptions = {
  /** Receives one line for each migration that was applied, and one for partitions made or dropped. */
  readonly log?: (line: string) => void;
};

/**
 * Brings the database to the newest schema, as the owner: makes the roles, applies migrations in one transaction, makes
 * partitions. Of several starters at once one does the work and the others wait. Resolves to the names applied by this
 * call. Throws `RolesNotGranted` when the login lacks the right.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  const { log = () => undefined } = options;
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tollbook-migrate',
    connectionTimeoutMillis: connectTimeoutMs,
  });
  // A connection lost while idle is told by the next query.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(takeLock);
    await ensureRoles(client);
    const applied = await migrationsAfter(await newestMigration(client));
    if (applied.length > 0) await applyMigrations(drizzle(client), { migrationsFolder });
    for (const name of applied) log(`applied migration ${name}`);
    const { created, dropped } = await ensurePartitions(client, new Date());
    if (created.length > 0) log(`made ${created.length} partitions, up to ${created[created.length - 1]}`);
    if (dropped.length > 0) log(`dropped ${dropped.length} partitions, from ${dropped[0]}`);
    return { applied };
  } finally {
    await client.end();
  }
}

/**
 * The server's version and the migrations that are still to come, as the owner sees them. Changes nothing; rejects when
 * the server does not answer.
 */
export async function describeDatabase(url: string): Promise<{ version: string; pending: string[] }> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string }>(serverVersionSql);
    return { version: rows[0]?.version ?? 'unknown', pending: await migrationsAfter(await newestMigration(client)) };
  } finally {
    await client.end();
  }
}

async function newestMigration(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ found: boolean }>(hasMigrationsSql);
  if (!rows[0]?.found) return 0;
  const newest = await client.query<{ written_at: string | null }>(newestMigrationSql);
  return Number(newest.rows[0]?.written_at ?? 0);
}

/** Names from drizzle's journal of what it will apply: everything written after the newest that was applied. */
async function migrationsAfter(writtenAt: number): Promise<string[]> {
  const journal: unknown = JSON.parse(await readFile(`${migrationsFolder}/meta/_journal.json`, 'utf8'));
  return readEntries(journal).flatMap(({ tag, when }) => (when > writtenAt ? [tag] : []));
}

function readEntries(journal: unknown): { readonly tag: string; readonly when: number }[] {
  return (journal as { entries: { tag: string; when: number }[] }).entries;
}
