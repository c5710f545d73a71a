import { type Config, loadConfig } from '@tollbook/config';
import { createPool, type DatabaseRole, loadCatalog } from '@tollbook/db';
import type { Catalog } from '@tollbook/usecases';
import { CliError } from './cli-error.js';
import { readRuntime } from './runtime-file.js';

type Pool = ReturnType<typeof createPool>;

/** An open database with what is read from it once. */
export type OpenDatabase = {
  readonly config: Config;
  readonly pool: Pool;
  readonly catalog: Catalog;
};

const connectionsMax = 2;

/** Where the database is: DATABASE_URL, else what the running Tollbook of this data folder wrote down; null without. */
export function findDatabaseUrl(config: Config): string | null {
  return config.databaseUrl ?? readRuntime(config.dataDir)?.databaseUrl ?? null;
}

/** Opens the database that Tollbook uses, acting as `role`, for as long as `work` takes. Throws a CliError without one. */
export async function withDatabase<T>(role: DatabaseRole, work: (database: OpenDatabase) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const url = findDatabaseUrl(config);
  if (url === null) throw notRunning(config);
  const pool = createPool(url, { role, max: connectionsMax, applicationName: 'tollbook command' });
  try {
    const catalog = await loadCatalog(pool).catch((cause: unknown) => {
      throw isUnavailable(cause) && config.databaseUrl === undefined ? notRunning(config) : cause;
    });
    return await work({ config, pool, catalog });
  } finally {
    await pool.end();
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof Error && error.name === 'StoreUnavailable';
}

function notRunning({ dataDir }: Config): CliError {
  return new CliError(
    `Tollbook does not run on ${dataDir}. Start it (npm start), or set TOLLBOOK_DATA_DIR or DATABASE_URL ` +
      'to what the running one uses.',
  );
}
