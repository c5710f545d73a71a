import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { DataFolder } from './data-folder.js';
import { errorCode } from './error-code.js';
import type { NativePackage } from './native-package.js';
import { PostgresStartError } from './postgres-start-error.js';
import { removeDraft } from './remove-leftovers.js';
import { runTool, type ToolResult } from './run-tool.js';
import type { ServerAccount } from './server-account.js';
import { throwIfAborted } from './throw-if-aborted.js';

/** The programs of PostgreSQL, proven to run under the server's account. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

const probeTimeoutMs = 20_000;

/**
 * Returns binaries that the server's account can run: those of the package, or a copy in the data folder when that
 * account cannot reach the package or its library links are missing and cannot be made there.
 */
export async function prepareBinaries(
  folder: DataFolder,
  native: NativePackage,
  signal: AbortSignal | undefined,
): Promise<Binaries> {
  makeMissingLinks(native.nativeDir);
  const inPlace = binariesIn(native.nativeDir);
  if ((await probe(inPlace, folder, signal)).isOk) return inPlace;
  throwIfAborted(signal);
  const copyDir = path.join(folder.path, `native-${native.release}`);
  const copied = binariesIn(copyDir);
  if (existsSync(copyDir) && (await probe(copied, folder, signal)).isOk) return copied;
  await replaceCopy(folder, native.nativeDir, copyDir);
  const copiedResult = await probe(copied, folder, signal);
  if (copiedResult.isOk) return copied;
  throwIfAborted(signal);
  throw binariesUnusable(copied, copiedResult, folder.account);
}

/** Makes the library links listed in `pg-symlinks.json` that installing the package should have made. */
function makeMissingLinks(nativeDir: string): void {
  const listFile = path.join(nativeDir, 'pg-symlinks.json');
  if (!existsSync(listFile)) return;
  const list: unknown = JSON.parse(readFileSync(listFile, 'utf8'));
  if (!Array.isArray(list)) return;
  for (const link of list) {
    const source = entryPath(nativeDir, link, 'source');
    const target = entryPath(nativeDir, link, 'target');
    if (source === undefined || target === undefined || lstatSync(target, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), target);
    } catch (error) {
      // Not ours to write, or another start made it just now: whether it matters is found out by running the server.
      if (!['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOENT'].includes(errorCode(error) ?? '')) throw error;
    }
  }
}

/** Paths in the list begin with `native/`; ones that lead out of the folder are left alone. */
function entryPath(nativeDir: string, link: unknown, key: 'source' | 'target'): string | undefined {
  if (typeof link !== 'object' || link === null) return undefined;
  const value: unknown = Reflect.get(link, key);
  if (typeof value !== 'string') return undefined;
  const relative = path.relative('native', value);
  return relative.startsWith('..') || path.isAbsolute(relative) ? undefined : path.join(nativeDir, relative);
}

function binariesIn(nativeDir: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: path.join(nativeDir, 'bin', `initdb${suffix}`),
    postgres: path.join(nativeDir, 'bin', `postgres${suffix}`),
  };
}

/** Running is the only proof that counts: it covers folder modes, access lists, noexec mounts and missing libraries. */
async function probe(binaries: Binaries, folder: DataFolder, signal: AbortSignal | undefined): Promise<ToolResult> {
  const { account, path: workingDir } = folder;
  const common = { arguments: ['--version'], workingDir, account, timeoutMs: probeTimeoutMs, signal };
  const [postgres, initdb] = await Promise.all([
    runTool({ ...common, file: binaries.postgres }),
    runTool({ ...common, file: binaries.initdb }),
  ]);
  const result = postgres.isOk ? initdb : postgres;
  if (account !== undefined && ['EPERM', 'EINVAL'].includes(result.spawnErrorCode ?? '')) {
    throw new PostgresStartError(
      'account_missing',
      `PostgreSQL refuses to run as root, and this process may not start others as uid ${account.uid} ` +
        `(${result.spawnErrorCode}): it is a root with few rights, as in some containers. ` +
        'Start as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  return result;
}

/** Copied under another name and renamed, so that a copy which exists is whole, whoever else copies meanwhile. */
async function replaceCopy(folder: DataFolder, nativeDir: string, copyDir: string): Promise<void> {
  const draft = path.join(folder.path, `draft-${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    await cp(nativeDir, draft, { recursive: true, verbatimSymlinks: true });
    makeMissingLinks(draft);
    letEveryoneRead(draft);
    // Copies of other releases, and one that did not run, are of no use to anybody.
    for (const name of readdirSync(folder.path)) {
      if (name.startsWith('native-')) await rm(path.join(folder.path, name), { recursive: true, force: true });
    }
    await rename(draft, copyDir);
  } catch (cause) {
    if (errorCode(cause) === 'ENOTEMPTY' || errorCode(cause) === 'EEXIST') return;
    throw new PostgresStartError(
      'binaries_unusable',
      `PostgreSQL's programs cannot be copied from ${nativeDir} to ${folder.path} ` +
        `(${errorCode(cause) ?? 'unknown error'}).`,
      { cause },
    );
  } finally {
    await removeDraft(draft);
  }
}

function letEveryoneRead(entry: string): void {
  const stats = lstatSync(entry);
  if (stats.isSymbolicLink()) return;
  const isProgram = stats.isDirectory() || (stats.mode & 0o111) !== 0;
  chmodSync(entry, isProgram ? 0o755 : 0o644);
  if (stats.isDirectory()) for (const name of readdirSync(entry)) letEveryoneRead(path.join(entry, name));
}

function binariesUnusable(
  binaries: Binaries,
  result: ToolResult,
  account: ServerAccount | undefined,
): PostgresStartError {
  const who = account === undefined ? '' : ` as uid ${account.uid}`;
  const isLoaderMissing = result.spawnErrorCode === 'ENOENT' && existsSync(binaries.postgres);
  const hint = isLoaderMissing ? ' They need glibc, which this system lacks.' : '';
  return new PostgresStartError(
    'binaries_unusable',
    `PostgreSQL's programs do not run on this machine${who}.${hint} ` +
      'Install the dependencies again, or set DATABASE_URL to a PostgreSQL of your own.',
    { serverLines: result.output.split('\n').slice(-5) },
  );
}
