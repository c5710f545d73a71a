import { runMigrations } from 'bullmq';
import pg from 'pg';
import type { QueueRole } from './backend.js';
import { queueSchema } from './postgres-connections.js';

const connectTimeoutMs = 10_000;
const roles: readonly QueueRole[] = ['tollbook_app', 'tollbook_worker'];

/**
 * Brings BullMQ's schema to the version of this release, as the owner login, and lets `tollbook_app` and
 * `tollbook_worker` use it; both roles must exist (`migrate` of libs/db makes them). May be repeated and run at once.
 * Needed for PostgreSQL only: Redis has no schema.
 */
export async function migrateQueue(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tollbook-migrate',
    connectionTimeoutMillis: connectTimeoutMs,
  });
  // A connection lost while idle is told by the next query.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await runMigrations(client, queueSchema);
    await client.query(grantSql);
  } finally {
    await client.end();
  }
}

/** The lock is that of several starters at once: two grants on one object would disturb each other. */
const grantSql = `
begin;
select pg_advisory_xact_lock(7026404);
grant usage on schema ${queueSchema} to ${roles.join(', ')};
grant select, insert, update, delete on all tables in schema ${queueSchema} to ${roles.join(', ')};
grant usage on all sequences in schema ${queueSchema} to ${roles.join(', ')};
grant execute on all functions in schema ${queueSchema} to ${roles.join(', ')};
commit;
`;
