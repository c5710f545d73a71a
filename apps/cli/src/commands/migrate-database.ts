import { loadConfig } from '@tollbook/config';
import { createLogger } from '@tollbook/telemetry';
import { CliError } from '../cli-error.js';
import { loadExistingMasterKey, loadMasterKey } from '../load-master-key.js';
import { prepareDatabase } from '../supervisor/prepare-database.js';
import { setUpInstance } from '../supervisor/set-up-instance.js';
import type { Terminal } from '../terminal.js';

/**
 * `tollbook migrate`: what the supervisor does to a database before it starts api and worker, for deployments that start
 * those themselves. May be repeated, and run by several at once. Throws a CliError without DATABASE_URL.
 */
export async function migrateDatabase(terminal: Terminal): Promise<number> {
  const config = loadConfig();
  const { databaseUrl, logLevel: level } = config;
  if (databaseUrl === undefined) {
    throw new CliError('Set DATABASE_URL: `npm start` brings the embedded database up to date by itself.');
  }
  const destination = { write: (line: string) => terminal.say(line.trimEnd()) };
  await prepareDatabase(databaseUrl, config, createLogger({ name: 'migrate', level, destination }));
  await setUpInstance({
    databaseUrl,
    loadMasterKey: (isInUse) => (isInUse ? loadExistingMasterKey(config) : loadMasterKey(config)),
    sandbox: null,
  });
  terminal.print('The database is up to date.');
  return 0;
}
