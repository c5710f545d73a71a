import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fchownSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { DataFolder } from './data-folder.js';
import { errorCode } from './error-code.js';
import { explainFailure } from './explain-failure.js';
import { PostgresStartError } from './postgres-start-error.js';
import { readPostmasterState } from './postmaster-file.js';
import { probeServer } from './probe-server.js';
import { serverEnvironment } from './run-tool.js';
import { followServerLog, openServerLog, readLogTail } from './server-log.js';
import type { ServerRecord } from './server-record.js';
import { stopOnExit } from './stop-on-exit.js';
import { type ServerEnd, type ServerProcess, stopServer } from './stop-server.js';
import { throwIfAborted } from './throw-if-aborted.js';

/** A launched server that takes connections, or one that has ended, with the error that says why. */
export type LaunchResult =
  | { kind: 'ready'; server: ServerProcess }
  | { kind: 'ended'; isBusy: boolean; isPortTaken: boolean; error: PostgresStartError };

/** A healthy server listens within a second; replaying its log after a crash may take minutes on a slow disk. */
const silentMsMax = 60_000;
const startingMsMax = 10 * 60_000;

interface LaunchPlan {
  folder: DataFolder;
  record: ServerRecord;
  port: number;
  postgres: string;
  arguments: readonly string[];
  onLogLine: ((line: string) => void) | undefined;
  signal: AbortSignal | undefined;
}

/** Starts the server and waits until it takes connections or has ended; throws when it does neither in time. */
export async function launchServer(plan: LaunchPlan): Promise<LaunchResult> {
  const { folder, record, port, signal } = plan;
  const launched = spawnServer(plan);
  const { server, fromByte } = launched;
  stopOnExit(server);
  const launchedAt = Date.now();
  for (;;) {
    const probing = probeServer({ port, password: record.superuserPassword, clusterDir: folder.clusterDir });
    const answer = await Promise.race([server.exited, probing]);
    if (typeof answer === 'object') return describeEnd(answer, plan, launched);
    // When two starts race, the one that loses may be answered by the winner's server before its own has ended.
    if (answer === 'ready' && ownsCluster(server, folder)) return { kind: 'ready', server };
    const waitedMs = Date.now() - launchedAt;
    if (signal?.aborted === true || waitedMs > (answer === 'starting' ? startingMsMax : silentMsMax)) {
      await stopServer(server);
      throwIfAborted(signal);
      throw new PostgresStartError('not_ready_in_time', `PostgreSQL took no connections within ${waitedMs} ms.`, {
        serverLines: readLogTail(folder.logFile, fromByte, secretsOf(record)),
      });
    }
    await Promise.race([delay(waitedMs < 1_000 ? 20 : 200), server.exited]);
  }
}

function ownsCluster(server: ServerProcess, folder: DataFolder): boolean {
  const state = readPostmasterState(folder.clusterDir, Date.now());
  return state.kind === 'live' && state.postmaster.pid === server.pid;
}

interface Launched {
  server: ServerProcess;
  /** Where this server's output begins in the log. */
  fromByte: number;
  /** Why there never was a process. */
  spawnError: Error | undefined;
}

function spawnServer(plan: LaunchPlan): Launched {
  const { folder, onLogLine } = plan;
  const { descriptor, fromByte } = openServerLog(folder.logFile);
  keepOwner(descriptor, folder);
  let child: ChildProcess;
  try {
    child = spawn(plan.postgres, [...plan.arguments], {
      cwd: folder.clusterDir,
      env: serverEnvironment,
      // Its own session, so that Ctrl-C reaches only us; a file, so that it outlives us without a broken pipe.
      detached: true,
      stdio: ['ignore', descriptor, descriptor],
      windowsHide: true,
      ...folder.account,
    });
  } catch (cause) {
    throw new PostgresStartError('server_failed', `PostgreSQL could not be run (${errorCode(cause) ?? 'unknown'}).`, {
      cause,
    });
  } finally {
    closeSync(descriptor);
  }
  const stopFollowing = onLogLine === undefined ? undefined : followServerLog(folder.logFile, fromByte, onLogLine);
  const exited = new Promise<ServerEnd>((resolve) => {
    child.on('error', (error) => {
      // Without a pid there never was a process, and no 'exit' follows.
      if (child.pid !== undefined) return;
      launched.spawnError = error;
      resolve({ code: null, signal: null });
    });
    child.once('exit', (code, signal) => resolve({ code, signal }));
  }).finally(() => stopFollowing?.());
  const server: ServerProcess = { pid: child.pid ?? 0, exited, sendSignal: (signal) => child.kill(signal) };
  const launched: Launched = { server, fromByte, spawnError: undefined };
  return launched;
}

/** Root starting an ordinary user's server must leave them a log that they can append to. */
function keepOwner(descriptor: number, folder: DataFolder): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(folder.recordFile);
  fchownSync(descriptor, uid, gid);
}

function describeEnd(how: ServerEnd, { folder, record, port }: LaunchPlan, launched: Launched): LaunchResult {
  const serverLines = readLogTail(folder.logFile, launched.fromByte, secretsOf(record));
  const meaning = explainFailure(serverLines);
  const ending = launched.spawnError?.message ?? how.signal ?? `exit code ${how.code}`;
  const summary = {
    busy: `Another PostgreSQL still uses ${folder.clusterDir}.`,
    port_in_use: `Port ${port} on 127.0.0.1 is in use by another program.`,
    server_failed: `PostgreSQL ended while starting (${ending}).`,
    version_mismatch: `The database in ${folder.clusterDir} was made by another major version of PostgreSQL.`,
  }[meaning];
  const code = meaning === 'busy' ? 'folder_busy' : meaning;
  return {
    kind: 'ended',
    isBusy: meaning === 'busy',
    isPortTaken: meaning === 'port_in_use',
    error: new PostgresStartError(code, summary, { serverLines }),
  };
}

function secretsOf(record: ServerRecord): string[] {
  return [record.superuserPassword, record.loginPassword];
}
