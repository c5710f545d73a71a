import { startPostgres } from '@tollbook/postgres-local';
import type { RunningService } from './running-service.js';

/** An embedded PostgreSQL as a service; `url` is the database of its ordinary login. */
export type PostgresService = RunningService & { readonly url: string; readonly wasAdopted: boolean };

const lastLinesMax = 20;

/** Starts PostgreSQL on the folder or adopts the one that runs there. Its own fast shutdown is how it is asked to end. */
export async function startLocalPostgres(
  folder: string,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<PostgresService> {
  const lastLines: string[] = [];
  const log = (line: string) => {
    lastLines.push(line);
    if (lastLines.length > lastLinesMax) lastLines.shift();
    onLine(line);
  };
  const server = await startPostgres({ dataDir: folder, log, signal });
  return {
    url: server.url,
    wasAdopted: server.wasAdopted,
    pid: server.pid,
    exited: server.exited.then(({ code, signal: by }) =>
      by === null ? `ended with code ${code}` : `was ended by ${by}`,
    ),
    askToEnd: () => void server.stop(),
    kill: () => quit(server.pid),
    lastLines: () => [...lastLines],
  };
}

/** SIGQUIT ends it at once and in order with its own children; SIGKILL would leave those to find out. */
function quit(pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT');
  } catch {
    // It has ended already.
  }
}
