import { readFileSync } from 'node:fs';
import { PostgresStartError } from './postgres-start-error.js';

/** The account that the server's processes run as, when that is not the account we run as. */
export interface ServerAccount {
  uid: number;
  gid: number;
}

const unprivilegedName = 'nobody';

/** Returns the unprivileged account that PostgreSQL runs as when we are root; throws `account_missing` without one. */
export function findUnprivilegedAccount(passwdFile = '/etc/passwd'): ServerAccount {
  let passwd: string;
  try {
    passwd = readFileSync(passwdFile, 'utf8');
  } catch (cause) {
    throw accountMissing(`${passwdFile} cannot be read`, cause);
  }
  const account = parsePasswd(passwd, unprivilegedName);
  if (account === undefined) throw accountMissing(`${passwdFile} has no account "${unprivilegedName}"`);
  return account;
}

/** Finds an account by name in the text of a passwd file; accounts with the rights of root do not count. */
export function parsePasswd(passwd: string, name: string): ServerAccount | undefined {
  for (const line of passwd.split('\n')) {
    const [entryName, , uidText, gidText] = line.split(':');
    if (entryName !== name) continue;
    const uid = Number(uidText);
    const gid = Number(gidText);
    // initdb refuses a uid without an entry, so an account we could only guess is of no use.
    if (Number.isSafeInteger(uid) && Number.isSafeInteger(gid) && uid > 0 && gid >= 0) return { uid, gid };
  }
  return undefined;
}

function accountMissing(problem: string, cause?: unknown): PostgresStartError {
  return new PostgresStartError(
    'account_missing',
    `PostgreSQL refuses to run as root and there is no account to run it as: ${problem}. ` +
      'Start as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
    { cause },
  );
}
