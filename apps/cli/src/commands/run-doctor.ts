import type { Config } from '@tollbook/config';
import { checkChains } from '../doctor/check-chains.js';
import { checkDatabase } from '../doctor/check-database.js';
import { checkQueue } from '../doctor/check-queue.js';
import { checkDataFolder, checkNode, readConfig } from '../doctor/check-surroundings.js';
import { type Finding, fail } from '../doctor/finding.js';
import { findDatabaseUrl } from '../open-database.js';
import { isSupervisorRunning, readRuntime } from '../runtime-file.js';
import type { Terminal } from '../terminal.js';

/** `tollbook doctor`: looks at everything Tollbook stands on, one line each; 1 when any of it fails. Changes nothing. */
export async function runDoctor(terminal: Terminal): Promise<number> {
  let failures = 0;
  const tell = (findings: readonly Finding[]) => {
    for (const finding of findings) {
      if (finding.level === 'fail') failures += 1;
      for (const line of findingText(finding)) terminal.print(line);
    }
  };
  tell(checkNode());
  const { config, findings } = readConfig();
  tell(findings);
  if (config !== null) await examine(config, tell);
  terminal.print(failures === 0 ? 'Nothing fails.' : `${failures} ${failures === 1 ? 'thing fails' : 'things fail'}.`);
  return failures === 0 ? 0 : 1;
}

async function examine(config: Config, tell: (findings: readonly Finding[]) => void): Promise<void> {
  tell(checkDataFolder(config));
  const url = findDatabaseUrl(config);
  if (url === null) {
    tell([fail('database', 'is not known', 'Start Tollbook (npm start), or set DATABASE_URL.')]);
    return;
  }
  const { findings, catalog } = await checkDatabase(url);
  tell(findings);
  // What stands on the database says nothing more when that is away.
  if (catalog === null) return;
  const runtime = readRuntime(config.dataDir);
  const runningBackend = runtime !== null && isSupervisorRunning(runtime) ? runtime.queueBackend : null;
  tell(await checkQueue({ databaseUrl: url, redisUrl: config.redisUrl, runningBackend }));
  tell(await checkChains(config, catalog));
}

function findingText({ level, subject, text, advice }: Finding): string[] {
  const line = `${level.padEnd(5)} ${subject}: ${text}`;
  return advice === undefined ? [line] : [line, `      -> ${advice}`];
}
