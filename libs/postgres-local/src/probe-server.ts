import { realpathSync } from 'node:fs';
import pg from 'pg';
import { errorCode } from './error-code.js';

/**
 * What a server says when asked: `ready` is proven to serve our cluster; `stranger` answers but is not ours or does
 * not know our password; `silent` does not answer (yet).
 */
export type ServerAnswer = 'ready' | 'starting' | 'stopping' | 'stranger' | 'silent';

const connectTimeoutMs = 3_000;

/** Makes a connection to the server on loopback, as superuser on database `postgres`; the caller ends it. */
export async function connectAsSuperuser(port: number, password: string): Promise<pg.Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password,
    database: 'postgres',
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: 60_000,
    application_name: 'tollbook-supervisor',
  });
  // A server that dies while connected must not bring this process down; the next query fails anyway.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Asks the server on this port who it is; never throws. */
export async function probeServer(options: {
  port: number;
  password: string;
  clusterDir: string;
}): Promise<ServerAnswer> {
  let client: pg.Client | undefined;
  try {
    client = await connectAsSuperuser(options.port, options.password);
    const result = await client.query<{ data_directory: string }>('show data_directory');
    // A copied data folder has the same password, so the password alone does not prove whose server this is.
    return result.rows[0] && isSameFolder(result.rows[0].data_directory, options.clusterDir) ? 'ready' : 'stranger';
  } catch (error) {
    return answerOf(error);
  } finally {
    await client?.end().catch(() => undefined);
  }
}

function isSameFolder(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}

function answerOf(error: unknown): ServerAnswer {
  const code = errorCode(error);
  if (code === '57P03' && error instanceof Error)
    return error.message.includes('shutting down') ? 'stopping' : 'starting';
  // 28…: password refused. 3D000 and 42…: it let us in and lacks what our cluster always has.
  return code !== undefined && /^(28|3D|42)...$/.test(code) ? 'stranger' : 'silent';
}
