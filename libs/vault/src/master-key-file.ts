import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { parseMasterKey } from './parse-master-key.js';
import { VaultError } from './vault-error.js';

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

type ChangeMode = (descriptor: number, mode: number) => void;

/**
 * Reads the master key of this file, drawing and keeping one (mode 0600) when there is none.
 * A garbled file is refused and never replaced: a new key could not open what the old one sealed.
 */
export function loadOrCreateMasterKey(file: string, changeMode: ChangeMode = fchmodSync): Buffer {
  const existing = readKeyFile(file, changeMode);
  if (existing !== undefined) return existing;
  createKeyFile(file);
  const created = readKeyFile(file, changeMode);
  if (created === undefined) {
    throw new VaultError('master_key_invalid', `the master key file ${file} vanished while it was read`);
  }
  return created;
}

function readKeyFile(file: string, changeMode: ChangeMode): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return undefined;
    throw new VaultError('master_key_invalid', `the master key file ${file} cannot be read`, { cause: error });
  }
  try {
    closeToOthers(descriptor, file, changeMode);
    return parseMasterKey(readFileSync(descriptor, 'utf8'));
  } catch (error) {
    if (error instanceof VaultError && error.code === 'master_key_invalid') {
      throw new VaultError(error.code, `${error.message} (file ${file}); restore it from a backup`, { cause: error });
    }
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function closeToOthers(descriptor: number, file: string, changeMode: ChangeMode): void {
  if (process.platform === 'win32' || !isOpenToOthers(descriptor)) return;
  const message = `the master key file ${file} is open to other users and its mode cannot be changed`;
  const advice = 'run chmod 600 on it as its owner, or keep it on a file system that has modes';
  try {
    changeMode(descriptor, OWNER_ONLY);
  } catch (error) {
    throw new VaultError('master_key_exposed', `${message}; ${advice}`, { cause: error });
  }
  // Mounts without modes take the change and ignore it.
  if (isOpenToOthers(descriptor)) throw new VaultError('master_key_exposed', `${message}; ${advice}`);
}

function isOpenToOthers(descriptor: number): boolean {
  return (fstatSync(descriptor).mode & OTHERS) !== 0;
}

/** Written whole under another name and then linked: of two processes starting at once, both use the first key. */
function createKeyFile(file: string): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}.draft`;
  const descriptor = openSync(draft, 'wx', OWNER_ONLY);
  try {
    writeSync(descriptor, `${randomBytes(32).toString('hex')}\n`);
    fsyncSync(descriptor);
    linkSync(draft, file);
    syncFolder(folder);
  } catch (error) {
    if (!isErrorCode(error, 'EEXIST')) throw error;
  } finally {
    closeSync(descriptor);
    unlinkSync(draft);
  }
}

/** A key that a power cut takes back after rows were sealed with it would lose those rows. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
