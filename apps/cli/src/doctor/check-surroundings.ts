import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigError, loadConfig } from '@tollbook/config';
import { reasonOf } from '../explain-error.js';
import { isSupervisorRunning, readRuntime } from '../runtime-file.js';
import { type Finding, fail, ok, warn } from './finding.js';

const othersBits = 0o077;

/** Node: old ones never come this far, the launcher refuses them. */
export function checkNode(): Finding[] {
  return [ok('node', `${process.version} on ${process.platform} ${process.arch}`)];
}

/** The configuration, or every variable that is wrong. */
export function readConfig(): { readonly config: Config | null; readonly findings: Finding[] } {
  try {
    const config = loadConfig();
    return { config, findings: [ok('configuration', `public address ${config.publicUrl}`)] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.problems.map(({ variable, problem, example }) =>
      fail('configuration', `${variable} ${problem}`, `Example: ${variable}=${example}`),
    );
    return { config: null, findings };
  }
}

/** The data folder, the master key in it, and whether Tollbook runs on it. */
export function checkDataFolder(config: Config): Finding[] {
  const { dataDir } = config;
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const advice = existsSync(dataDir) ? 'Run as its owner, or set TOLLBOOK_DATA_DIR.' : 'The first start makes it.';
    return [fail('data folder', `${dataDir} cannot be used (${reasonOf(error)})`, advice)];
  }
  return [ok('data folder', dataDir), ...checkMasterKey(config), checkSupervisor(config)];
}

function checkMasterKey({ dataDir, masterKey }: Config): Finding[] {
  if (masterKey !== undefined) return [ok('master key', 'from TOLLBOOK_MASTER_KEY')];
  const file = join(dataDir, 'master.key');
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) {
    return [
      warn('master key', `there is none at ${file}`, 'The first start draws one; later, restore it from a backup.'),
    ];
  }
  if (process.platform !== 'win32' && (stats.mode & othersBits) !== 0) {
    return [fail('master key', `${file} is open to other accounts`, `chmod 600 '${file}'`)];
  }
  return [ok('master key', `in ${file}; keep a copy elsewhere`)];
}

function checkSupervisor({ dataDir, databaseUrl }: Config): Finding {
  const runtime = readRuntime(dataDir);
  if (runtime !== null && isSupervisorRunning(runtime)) {
    return ok('supervisor', `runs as process ${runtime.pids.supervisor}`);
  }
  const advice = 'npm start';
  return databaseUrl === undefined
    ? fail('supervisor', 'Tollbook does not run on this data folder', advice)
    : warn('supervisor', 'none runs on this data folder', `${advice}, unless api and worker are run by other means.`);
}
