import { CliError } from '../cli-error.js';
import { waitUntilGone } from '../reaper/reap.js';
import { processesOf, readRuntime } from '../runtime-file.js';
import { signalIfSame } from './process-identity.js';

/** The reaper's own limits are 6 s for children and 10 s for the database. */
const graceMs = 17_000;
const killedMs = 2_000;

/** Their owner ends or adopts them: PostgreSQL by its folder, the chain by the sandbox. */
const keptByOthers = ['supervisor', 'postgres', 'anvil'];

/**
 * Waits until the processes that a killed supervisor left behind have ended, and kills those that do not, so that none
 * of them holds our port or ends our database. Throws a CliError for one that cannot be ended.
 */
export async function endPreviousRun(dataDir: string, say: (line: string) => void): Promise<void> {
  const runtime = readRuntime(dataDir);
  if (runtime === null) return;
  const processes = processesOf(runtime).filter(({ name }) => !keptByOthers.includes(name));
  if ((await waitUntilGone(processes, 0)).length === 0) return;
  say('Waiting for the processes of the previous run to end.');
  const left = await waitUntilGone(processes, graceMs);
  for (const process of left) signalIfSame(process, 'SIGKILL');
  // Without a mark it may as well be a stranger that was given an old id.
  const [stubborn] = (await waitUntilGone(left, killedMs)).filter(({ startMark }) => startMark !== null);
  if (stubborn !== undefined) {
    throw new CliError(`Process ${stubborn.pid} (${stubborn.name}) of the previous run does not end. End it by hand.`);
  }
}
