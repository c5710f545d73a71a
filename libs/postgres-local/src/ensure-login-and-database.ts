import type pg from 'pg';
import { errorCode } from './error-code.js';
import { PostgresStartError } from './postgres-start-error.js';
import { connectAsSuperuser } from './probe-server.js';
import type { ServerRecord } from './server-record.js';

/** Name of the ordinary login, and of the database that it owns. */
export const loginName = 'tollbook';

/** Any number that nothing else takes an advisory lock on in database `postgres`. */
const lockKey = 7_026_402;

/** Makes the login and its database where they are missing; safe to repeat, to interrupt and to run twice at once. */
export async function ensureLoginAndDatabase(port: number, record: ServerRecord): Promise<void> {
  let client: pg.Client | undefined;
  try {
    client = await connectAsSuperuser(port, record.superuserPassword);
    // PostgreSQL writes failed statements to its log, and one of these holds a password.
    await client.query("set log_min_error_statement = 'panic'");
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    const role = await client.query('select from pg_roles where rolname = $1', [loginName]);
    if (role.rowCount === 0) {
      const password = client.escapeLiteral(record.loginPassword);
      await client.query(`create role ${loginName} login createrole password ${password}`);
    }
    const database = await client.query('select from pg_database where datname = $1', [loginName]);
    if (database.rowCount === 0) await client.query(`create database ${loginName} owner ${loginName}`);
  } catch (cause) {
    throw new PostgresStartError(
      'server_failed',
      `PostgreSQL runs, but its login and database could not be made (${errorCode(cause) ?? 'connection lost'}).`,
      { cause },
    );
  } finally {
    await client?.end().catch(() => undefined);
  }
}
