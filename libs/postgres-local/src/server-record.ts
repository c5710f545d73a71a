import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { clusterExists } from './cluster-exists.js';
import { type DataFolder, folderNotOurs } from './data-folder.js';
import { errorCode } from './error-code.js';
import { PostgresStartError } from './postgres-start-error.js';

/** What is remembered beside the cluster: its passwords, and the port it last used. */
export interface ServerRecord {
  port: number | undefined;
  superuserPassword: string;
  loginPassword: string;
}

/**
 * Returns the record of the folder, making it first when there is no cluster yet. Passwords are fixed before initdb
 * runs and whoever writes them first wins, so an interrupted or simultaneous first start cannot lose them.
 */
export function loadServerRecord(folder: DataFolder): ServerRecord {
  const found = readRecord(folder);
  if (found !== undefined) return found;
  if (clusterExists(folder.clusterDir)) {
    throw new PostgresStartError(
      'passwords_missing',
      `${folder.recordFile}, with the passwords of the database in ${folder.clusterDir}, is missing or damaged. ` +
        'Put it back from a backup, or move that folder away to begin with an empty database.',
    );
  }
  rmSync(folder.recordFile, { force: true });
  const draft = writeDraft(folder.recordFile, {
    port: undefined,
    superuserPassword: randomBytes(24).toString('base64url'),
    loginPassword: randomBytes(24).toString('base64url'),
  });
  try {
    linkSync(draft, folder.recordFile);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const made = readRecord(folder);
  if (made === undefined) throw new Error(`${folder.recordFile} vanished while it was being made`);
  return made;
}

/** Remembers the port that the server listens on; replaces the file whole, keeping its owner. */
export function savePort(folder: DataFolder, record: ServerRecord, port: number): void {
  if (record.port === port) return;
  const owner = statSync(folder.recordFile);
  const draft = writeDraft(folder.recordFile, { ...record, port });
  if (process.getuid?.() === 0) chownSync(draft, owner.uid, owner.gid);
  renameSync(draft, folder.recordFile);
}

function readRecord(folder: DataFolder): ServerRecord | undefined {
  try {
    chmodSync(folder.recordFile, 0o600);
    return parseServerRecord(readFileSync(folder.recordFile, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw folderNotOurs(folder.recordFile, error);
  }
}

/** Reads the record's JSON; undefined when it is damaged. */
export function parseServerRecord(text: string): ServerRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('superuserPassword' in value) || !('loginPassword' in value)) return undefined;
  const { superuserPassword, loginPassword } = value;
  if (typeof superuserPassword !== 'string' || superuserPassword === '') return undefined;
  if (typeof loginPassword !== 'string' || loginPassword === '') return undefined;
  const port = 'port' in value && typeof value.port === 'number' ? value.port : undefined;
  return { port, superuserPassword, loginPassword };
}

function writeDraft(recordFile: string, record: ServerRecord): string {
  const draft = `${recordFile}.${process.pid}-${randomBytes(6).toString('hex')}`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(record, undefined, 2)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return draft;
}
