import { randomBytes } from 'node:crypto';
import { uuidV7 } from '@tollbook/domain';

/** A fresh UUIDv7. Its time only orders lists; what must be exact is stamped by the database. */
export function newId(): string {
  return uuidV7(Date.now(), randomBytes(10));
}
