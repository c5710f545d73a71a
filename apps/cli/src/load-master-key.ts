import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '@tollbook/config';
import { loadOrCreateMasterKey, parseMasterKey } from '@tollbook/vault';
import { CliError } from './cli-error.js';

/** The master key of this instance, drawn and kept in the data folder at the first start. */
export function loadMasterKey(config: Config): Buffer {
  return config.masterKey === undefined
    ? loadOrCreateMasterKey(masterKeyFile(config))
    : parseMasterKey(config.masterKey);
}

/** The same where one is in use already: a new one would fit nothing that is there. Throws a CliError without it. */
export function loadExistingMasterKey(config: Config): Buffer {
  const file = masterKeyFile(config);
  if (config.masterKey === undefined && !existsSync(file)) {
    throw new CliError(
      `There is no master key at ${file}, and this database was set up with one. Put the file back, ` +
        'or set TOLLBOOK_MASTER_KEY (or TOLLBOOK_DATA_DIR) to what was used then.',
    );
  }
  return loadMasterKey(config);
}

function masterKeyFile(config: Config): string {
  return join(config.dataDir, 'master.key');
}
