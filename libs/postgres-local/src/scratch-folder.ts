import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { LocalPostgres } from './local-postgres.js';
import { findNativePackage } from './native-package.js';
import { type StartPostgresOptions, startPostgresWith } from './start-postgres.js';

/** A folder for the servers of some tests: `stopAll` stops those started there, `end` also removes the folder. */
export interface ScratchFolder {
  path: string;
  start(options?: Partial<StartPostgresOptions>, findNative?: typeof findNativePackage): Promise<LocalPostgres>;
  stopAll(): Promise<void>;
  end(): Promise<void>;
}

/** Makes a scratch folder under the system's temporary folder; servers start there without durability unless told. */
export function makeScratchFolder(): ScratchFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'tollbook-postgres-'));
  const servers: LocalPostgres[] = [];
  const stopAll = async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  };
  return {
    path: folder,
    start: async (options = {}, findNative = () => findNativePackage()) => {
      const server = await startPostgresWith({ dataDir: folder, isDurable: false, ...options }, findNative);
      servers.push(server);
      return server;
    },
    stopAll,
    end: async () => {
      await stopAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs statements on one connection and returns the rows of the last. */
export async function queryOnce(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query<Record<string, unknown>>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}
