import { randomBytes } from 'node:crypto';
import { uuidV7 } from '@tollbook/domain';

/** A fresh UUIDv7, of now unless told. Its time only orders lists; what must be exact is stamped by the database. */
export function newId(atMs = Date.now()): string {
  return uuidV7(atMs, randomBytes(10));
}
