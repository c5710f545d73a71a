import { loadConfig } from '@tollbook/config';
import { createLogger } from '@tollbook/telemetry';
import { CliError } from '../cli-error.js';
import { loadExistingMasterKey, loadMasterKey } from '../load-master-key.js';
import { createOwner } from '../supervisor/create-owner.js';
import { prepareDatabase } from '../supervisor/prepare-database.js';
import { setUpInstance } from '../supervisor/set-up-instance.js';
import { signInLine } from '../supervisor/welcome.js';
import type { Terminal } from '../terminal.js';

/**
 * `tollbook migrate`: what the supervisor does to a database, for deployments that start api and worker themselves. The
 * first run adds the first person too, and says how to sign in. May be repeated. Throws a CliError without DATABASE_URL.
 */
export async function migrateDatabase(terminal: Terminal): Promise<number> {
  const config = loadConfig();
  const { databaseUrl, logLevel: level } = config;
  if (databaseUrl === undefined) {
    throw new CliError('Set DATABASE_URL: `npm start` brings the embedded database up to date by itself.');
  }
  const destination = { write: (line: string) => terminal.say(line.trimEnd()) };
  const logger = createLogger({ name: 'migrate', level, destination });
  await prepareDatabase(databaseUrl, config, logger);
  await setUpInstance({
    databaseUrl,
    loadMasterKey: (isInUse) => (isInUse ? loadExistingMasterKey(config) : loadMasterKey(config)),
    sandbox: null,
  });
  const report = (error: Error) => logger.error({ err: error }, 'account could not be made');
  const owner = await createOwner({ databaseUrl, config, report });
  if (owner !== null) terminal.print(signInLine(config, owner));
  terminal.print('The database is up to date.');
  return 0;
}
