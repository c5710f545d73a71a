import type { Pool } from 'pg';
import { touchApiKey } from '../queries/list-api-keys.js';
import { inTransaction } from '../session.js';
import { beginInBook } from '../statements/begin-transaction.js';

export type KeyUse = { readonly bookId: number; readonly apiKeyId: string; readonly address: string | null };

/** Notes when keys were used. The pool commits softly: a minute that is lost harms nobody. */
export function createKeyUseStore(softPool: Pool): { touch(use: KeyUse): Promise<void> } {
  return {
    touch: (use) =>
      inTransaction(
        softPool,
        (session) => beginInBook(session, use.bookId),
        (session) => touchApiKey(session, use),
      ),
  };
}
