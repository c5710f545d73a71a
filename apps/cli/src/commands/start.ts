import { join } from 'node:path';
import { loadConfig } from '@tollbook/config';
import { createLogger } from '@tollbook/telemetry';
import { CliError } from '../cli-error.js';
import { requireProgramFiles } from '../program-files.js';
import { endPreviousRun } from '../supervisor/end-previous-run.js';
import { takeInstanceLock } from '../supervisor/instance-lock.js';
import { prepareDataFolder } from '../supervisor/prepare-data-folder.js';
import { supervise } from '../supervisor/supervise.js';
import type { Terminal } from '../terminal.js';

/**
 * `tollbook start`: runs everything until a signal ends it (0) or something died too often (1). Throws what the
 * operator has to change before it can start.
 */
export async function start(terminal: Terminal): Promise<number> {
  const config = loadConfig();
  requireProgramFiles();
  prepareDataFolder(config.dataDir);
  terminal.print(`Data folder: ${config.dataDir}`);
  const lock = takeInstanceLock(join(config.dataDir, 'supervisor.lock'));
  if (lock.kind === 'held') {
    throw new CliError(
      `Tollbook already runs on ${config.dataDir} (process ${lock.pid}). ` +
        'Stop that one, or set TOLLBOOK_DATA_DIR (and PORT) to run a second one.',
    );
  }
  const { logLevel: level } = config;
  const destination = { write: (line: string) => terminal.say(line.trimEnd()) };
  const logger = createLogger({ name: 'supervisor', level, destination });
  try {
    await endPreviousRun(config.dataDir, terminal.say);
    return await supervise({ config, logger, terminal });
  } finally {
    lock.release();
  }
}
