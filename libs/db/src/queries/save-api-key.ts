import type { Session } from '../session.js';

export type ApiKeyRow = {
  readonly api_key_id: string;
  readonly book_id: number;
  readonly name: string;
  readonly key_hash: Uint8Array;
  readonly scopes: readonly string[];
  readonly is_usable: boolean;
};

const insert = {
  name: 'insert_api_key',
  text: `insert into api_keys (book_id, api_key_id, name, lookup, key_hash, scopes) values ($1, $2, $3, $4, $5, $6)`,
};

const find = {
  name: 'find_api_key',
  text: `select k.api_key_id, k.book_id, k.name, k.key_hash, k.scopes,
      k.revoked_at is null and coalesce(k.expires_at > now(), true) as is_usable
    from find_api_key($1) k`,
};

/** Adds a key of the book that the dbTx is open to. */
export async function insertApiKey(
  session: Session,
  key: {
    readonly bookId: number;
    readonly apiKeyId: string;
    readonly name: string;
    readonly lookup: string;
    readonly keyHash: Uint8Array;
    readonly scopes: readonly string[];
  },
): Promise<void> {
  await session.run(insert, [key.bookId, key.apiKeyId, key.name, key.lookup, key.keyHash, key.scopes]);
}

/** The key with this lookup, of whatever book; null where none has it. */
export async function findApiKey(session: Session, lookup: string): Promise<ApiKeyRow | null> {
  return (await session.run<ApiKeyRow>(find, [lookup])).rows[0] ?? null;
}
