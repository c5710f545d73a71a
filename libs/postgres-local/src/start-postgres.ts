import { setTimeout as delay } from 'node:timers/promises';
import { adoptServer } from './adopt-server.js';
import { choosePort } from './choose-port.js';
import { type DataFolder, prepareDataFolder } from './data-folder.js';
import { ensureLoginAndDatabase, loginName } from './ensure-login-and-database.js';
import { initCluster } from './init-cluster.js';
import { launchServer } from './launch-server.js';
import type { LocalPostgres } from './local-postgres.js';
import { findNativePackage, type NativePackage } from './native-package.js';
import { PostgresStartError, type PostgresStartErrorCode } from './postgres-start-error.js';
import { type Postmaster, readPostmasterState, removeStalePostmasterFile } from './postmaster-file.js';
import { prepareBinaries } from './prepare-binaries.js';
import { probeServer } from './probe-server.js';
import { removeLeftovers } from './remove-leftovers.js';
import { followServerLog, serverLogSize } from './server-log.js';
import { loadServerRecord, type ServerRecord, savePort } from './server-record.js';
import { serverArguments } from './server-settings.js';
import { type ServerProcess, stopServer } from './stop-server.js';
import { throwIfAborted } from './throw-if-aborted.js';

/** How to start; only the folder must be given. */
export interface StartPostgresOptions {
  /** Folder of ours, made when missing; everything of this server lies in it. */
  dataDir: string;
  /** Wanted port; else the one used last time if free, else a free one. An adopted server keeps its own. */
  port?: number;
  /** False trades safety against power cuts for speed, for tests. Default true. */
  isDurable?: boolean;
  /** Default 200. */
  maxConnections?: number;
  /** Receives the server's own messages, line by line, shortened and limited in number; all are in `server.log`. */
  log?: (line: string) => void;
  /** Gives the start up: whatever was started is stopped, and the promise rejects with code `aborted`. */
  signal?: AbortSignal;
}

/**
 * Starts PostgreSQL on the folder, or adopts the server that runs there already, and resolves when login and database
 * can be used. Rejects with a PostgresStartError, and then nothing that it started is left running. A server started
 * here (not an adopted one) is also told to stop when this process exits by itself.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<LocalPostgres> {
  return await startPostgresWith(options, findNativePackage);
}

/** The same with another source of PostgreSQL's programs, for tests. */
export async function startPostgresWith(
  options: StartPostgresOptions,
  findNative: () => Promise<NativePackage>,
): Promise<LocalPostgres> {
  throwIfAborted(options.signal);
  const folder = prepareDataFolder(options.dataDir);
  const record = loadServerRecord(folder);
  await removeLeftovers(folder.path, Date.now());
  const running = await reachServer({ options, folder, record, findNative });
  try {
    await ensureLoginAndDatabase(running.port, record);
    savePort(folder, record, running.port);
  } catch (error) {
    if (!running.wasAdopted) await stopServer(running.server);
    throw error;
  }
  return toLocalPostgres(running, record);
}

interface StartContext {
  options: StartPostgresOptions;
  folder: DataFolder;
  record: ServerRecord;
  findNative: () => Promise<NativePackage>;
}

interface RunningServer {
  server: ServerProcess;
  port: number;
  wasAdopted: boolean;
}

/** One try either reaches a server or says what it waits for and how long that is reasonable. */
type Try = { kind: 'running'; running: RunningServer } | { kind: 'wait'; waitMsMax: number; error: PostgresStartError };

const busyMsMax = 15_000;
const startingMsMax = 10 * 60_000;

async function reachServer(context: StartContext): Promise<RunningServer> {
  const startedAt = Date.now();
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
    const result = await tryOnce(context);
    if (result.kind === 'running') return result.running;
    if (Date.now() - startedAt + pauseMs > result.waitMsMax) throw result.error;
    await delay(pauseMs);
    throwIfAborted(context.options.signal);
  }
}

async function tryOnce(context: StartContext): Promise<Try> {
  const { clusterDir } = context.folder;
  const state = readPostmasterState(clusterDir, Date.now());
  switch (state.kind) {
    case 'live':
      return await tryAdopt(context, state.postmaster);
    case 'unclear':
      return busy(`Another PostgreSQL is just starting on ${clusterDir}.`);
    case 'stale':
      removeStalePostmasterFile(clusterDir, state.content);
      return await tryLaunch(context);
    case 'none':
      return await tryLaunch(context);
  }
}

async function tryAdopt({ options, folder, record }: StartContext, postmaster: Postmaster): Promise<Try> {
  const { pid, port } = postmaster;
  const answer = await probeServer({ port, password: record.superuserPassword, clusterDir: folder.clusterDir });
  const what = `A PostgreSQL (process ${pid}) runs on ${folder.clusterDir}`;
  switch (answer) {
    case 'ready': {
      const server = adoptServer(postmaster, folder.clusterDir);
      if (options.log !== undefined) followUntilExit(folder, server, options.log);
      return { kind: 'running', running: { server, port, wasAdopted: true } };
    }
    case 'starting':
      return { ...busy(`${what} but is not done recovering.`), waitMsMax: startingMsMax };
    case 'stopping':
      return busy(`${what} and does not finish shutting down.`);
    case 'silent':
      return busy(`${what} but does not answer on port ${port}. End it (kill -INT ${pid}) and start again.`);
    case 'stranger':
      return busy(
        `${what} and answers on port ${port}, but not to the password in ${folder.recordFile}. ` +
          `End it (kill -INT ${pid}) and put the right file back.`,
        'passwords_missing',
      );
  }
}

async function tryLaunch(context: StartContext): Promise<Try> {
  const { options, folder, record } = context;
  const { signal } = options;
  const isDurable = options.isDurable ?? true;
  const binaries = await prepareBinaries(folder, await context.findNative(), signal);
  await initCluster({ folder, binaries, superuserPassword: record.superuserPassword, isDurable, signal });
  const port = options.port ?? (await choosePort(record.port));
  const maxConnections = options.maxConnections ?? 200;
  const result = await launchServer({
    folder,
    record,
    port,
    postgres: binaries.postgres,
    arguments: serverArguments({ clusterDir: folder.clusterDir, port, maxConnections, isDurable }),
    onLogLine: options.log,
    signal,
  });
  if (result.kind === 'ready') {
    return { kind: 'running', running: { server: result.server, port, wasAdopted: false } };
  }
  const isWorthWaiting = result.isBusy || (result.isPortTaken && options.port === undefined);
  if (!isWorthWaiting) throw result.error;
  return { kind: 'wait', waitMsMax: busyMsMax, error: result.error };
}

function busy(message: string, code: PostgresStartErrorCode = 'folder_busy'): Extract<Try, { kind: 'wait' }> {
  return { kind: 'wait', waitMsMax: busyMsMax, error: new PostgresStartError(code, message) };
}

function followUntilExit(folder: DataFolder, server: ServerProcess, log: (line: string) => void): void {
  void server.exited.finally(followServerLog(folder.logFile, serverLogSize(folder.logFile), log));
}

function toLocalPostgres({ server, port, wasAdopted }: RunningServer, record: ServerRecord): LocalPostgres {
  let stopping: Promise<void> | undefined;
  return {
    url: `postgres://${loginName}:${record.loginPassword}@127.0.0.1:${port}/${loginName}`,
    adminUrl: `postgres://postgres:${record.superuserPassword}@127.0.0.1:${port}/postgres`,
    port,
    pid: server.pid,
    wasAdopted,
    exited: server.exited,
    stop: () => {
      stopping ??= stopServer(server);
      return stopping;
    },
  };
}
