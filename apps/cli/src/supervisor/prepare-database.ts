import type { Config } from '@tollbook/config';
import { migrate } from '@tollbook/db';
import { migrateQueue } from '@tollbook/queue';
import type { Logger } from '@tollbook/telemetry';
import { CliError } from '../cli-error.js';
import { reasonOf } from '../explain-error.js';

/** Brings schema and queue tables up to date. Throws a CliError when a database of the operator's own does not let us. */
export async function prepareDatabase(databaseUrl: string, config: Config, logger: Logger): Promise<void> {
  let changes = 0;
  const log = (line: string) => {
    changes += 1;
    logger.debug({ line }, 'database is changed');
  };
  try {
    await migrate(databaseUrl, { log });
    if (changes > 0) logger.info({ changes }, 'database was changed');
    if (config.redisUrl === undefined) await migrateQueue(databaseUrl);
  } catch (error) {
    if (config.databaseUrl === undefined || hasAdvice(error)) throw error;
    throw new CliError(`The database of DATABASE_URL cannot be used: ${reasonOf(error)}`);
  }
}

function hasAdvice(error: unknown): boolean {
  return error instanceof Error && error.name === 'RolesNotGranted';
}
