import { accessSync, chmodSync, constants, lchownSync, lstatSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { errorCode } from './error-code.js';
import { findBlockingFolder } from './find-blocking-folder.js';
import { PostgresStartError } from './postgres-start-error.js';
import { findUnprivilegedAccount, type ServerAccount } from './server-account.js';

/** Where everything of one embedded server lies, and the account its processes run as (undefined: our own). */
export interface DataFolder {
  path: string;
  clusterDir: string;
  recordFile: string;
  logFile: string;
  account: ServerAccount | undefined;
}

/** Makes the data folder and proves that the server's account can reach it; throws a PostgresStartError if not. */
export function prepareDataFolder(dataDir: string): DataFolder {
  const folder = makeFolder(path.resolve(dataDir));
  const clusterDir = path.join(folder, 'cluster');
  const account = process.getuid?.() === 0 ? accountFor(clusterDir) : undefined;
  if (account === undefined) refuseForeignFolder(folder);
  else openTo(account, folder, clusterDir);
  return {
    path: folder,
    clusterDir,
    recordFile: path.join(folder, 'server.json'),
    logFile: path.join(folder, 'server.log'),
    account,
  };
}

function makeFolder(folder: string): string {
  try {
    const outermostMade = mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Only folders made just now are opened for passage: older ones are the operator's decision.
    if (outermostMade !== undefined && process.getuid?.() === 0) {
      for (let made = folder; made.length >= outermostMade.length; made = path.dirname(made)) chmodSync(made, 0o711);
    }
    return realpathSync(folder);
  } catch (cause) {
    throw new PostgresStartError(
      'folder_not_reachable',
      `The data folder ${folder} cannot be made (${errorCode(cause) ?? 'unknown error'}). ` +
        'Set TOLLBOOK_DATA_DIR to a folder that you can write to.',
      { cause },
    );
  }
}

/** A cluster that an ordinary user made stays theirs, so that they can start it again after root has done so once. */
function accountFor(clusterDir: string): ServerAccount {
  const stats = lstatSync(clusterDir, { throwIfNoEntry: false });
  return stats === undefined || stats.uid === 0 ? findUnprivilegedAccount() : { uid: stats.uid, gid: stats.gid };
}

function refuseForeignFolder(folder: string): void {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw folderNotOurs(folder, cause);
  }
}

/** The refusal of a folder that another account made. */
export function folderNotOurs(folder: string, cause: unknown): PostgresStartError {
  const owner = lstatSync(folder, { throwIfNoEntry: false })?.uid ?? 'unknown';
  return new PostgresStartError(
    'folder_not_ours',
    `${folder} belongs to another account (uid ${owner}). ` +
      'Start as that account, or set TOLLBOOK_DATA_DIR to a folder of your own.',
    { cause },
  );
}

function openTo(account: ServerAccount, folder: string, clusterDir: string): void {
  // This folder is ours alone, so passage (not reading) is given even where its mode was set by hand.
  if (findBlockingFolder(folder, account)?.folder === folder) {
    chmodSync(folder, (lstatSync(folder).mode & 0o7777) | 0o111);
  }
  const blocking = findBlockingFolder(folder, account);
  if (blocking !== undefined) {
    throw new PostgresStartError(
      'folder_not_reachable',
      `PostgreSQL refuses to run as root, so it runs as uid ${account.uid}, and that account cannot enter ` +
        `${blocking.folder} (mode ${blocking.mode}) on the way to its data in ${folder}. ` +
        'Set TOLLBOOK_DATA_DIR to a folder elsewhere, such as /var/lib/tollbook, ' +
        `or allow passage: chmod o+x '${blocking.folder}'`,
    );
  }
  // A cluster owned by root was copied there, for example from a backup.
  if (lstatSync(clusterDir, { throwIfNoEntry: false })?.uid === 0) giveTo(account, clusterDir);
}

/** Gives a file, or a folder with all in it, to the account; links are not followed. */
export function giveTo(account: ServerAccount, entry: string): void {
  try {
    lchownSync(entry, account.uid, account.gid);
  } catch (cause) {
    throw new PostgresStartError(
      'account_missing',
      `${entry} cannot be given to uid ${account.uid}, which PostgreSQL has to run as because it refuses root. ` +
        'Start as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    );
  }
  if (!lstatSync(entry).isDirectory()) return;
  for (const name of readdirSync(entry)) giveTo(account, path.join(entry, name));
}
