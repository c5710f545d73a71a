import { closeSync, fsyncSync, mkdtempSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { clusterExists } from './cluster-exists.js';
import { type DataFolder, giveTo } from './data-folder.js';
import { errorCode } from './error-code.js';
import { PostgresStartError } from './postgres-start-error.js';
import type { Binaries } from './prepare-binaries.js';
import { removeDraft } from './remove-leftovers.js';
import { runTool, type ToolResult } from './run-tool.js';
import { throwIfAborted } from './throw-if-aborted.js';

const initTimeoutMs = 180_000;

/** Makes the cluster unless it exists: built aside and moved into place whole, so a killed start leaves none or all. */
export async function initCluster(options: {
  folder: DataFolder;
  binaries: Binaries;
  superuserPassword: string;
  isDurable: boolean;
  signal: AbortSignal | undefined;
}): Promise<void> {
  const { folder, binaries, superuserPassword, isDurable, signal } = options;
  if (clusterExists(folder.clusterDir)) return;
  if (readdirIfPresent(folder.clusterDir).length > 0) throw inTheWay(folder);
  const draftDir = mkdtempSync(path.join(folder.path, `draft-${process.pid}-`));
  try {
    const passwordFile = path.join(draftDir, 'password');
    const draftCluster = path.join(draftDir, 'cluster');
    writeFileSync(passwordFile, `${superuserPassword}\n`, { mode: 0o600, flag: 'wx' });
    if (folder.account !== undefined) giveTo(folder.account, draftDir);
    const result = await runTool({
      file: binaries.initdb,
      arguments: initdbArguments(draftCluster, passwordFile, isDurable),
      workingDir: draftDir,
      account: folder.account,
      timeoutMs: initTimeoutMs,
      signal,
    });
    throwIfAborted(signal);
    if (!result.isOk) throw initFailed(folder, result, superuserPassword);
    await moveIntoPlace(draftCluster, folder);
  } finally {
    await removeDraft(draftDir);
  }
}

function initdbArguments(clusterDir: string, passwordFile: string, isDurable: boolean): string[] {
  return [
    `--pgdata=${clusterDir}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth-host=scram-sha-256',
    '--auth-local=scram-sha-256',
    '--data-checksums',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
    ...(isDurable ? [] : ['--no-sync']),
  ];
}

async function moveIntoPlace(draftCluster: string, folder: DataFolder): Promise<void> {
  try {
    await rename(draftCluster, folder.clusterDir);
  } catch (cause) {
    // A simultaneous start was faster; its cluster has the same passwords.
    if (clusterExists(folder.clusterDir)) return;
    if (readdirIfPresent(folder.clusterDir).length > 0) throw inTheWay(folder);
    throw inTheWay(folder, cause);
  }
  syncFolder(folder.path);
}

function inTheWay(folder: DataFolder, cause?: unknown): PostgresStartError {
  return new PostgresStartError(
    'folder_not_ours',
    `${folder.clusterDir} is in the way: it is not a PostgreSQL cluster. Move it away and start again.`,
    { cause },
  );
}

function readdirIfPresent(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Makes the move itself survive a power cut; not every file system can, and then the move is as safe as it gets. */
function syncFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
  } catch {
    return;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function initFailed(folder: DataFolder, result: ToolResult, password: string): PostgresStartError {
  const isWithoutAccount = result.output.includes('could not look up effective user ID');
  return new PostgresStartError(
    isWithoutAccount ? 'account_missing' : 'init_failed',
    isWithoutAccount
      ? 'PostgreSQL needs the current user to have an entry in /etc/passwd. ' +
          'Add one, start as another user, or set DATABASE_URL to a PostgreSQL of your own.'
      : `A database could not be made in ${folder.path}.`,
    { serverLines: result.output.replaceAll(password, '***').trim().split('\n').slice(-10) },
  );
}
