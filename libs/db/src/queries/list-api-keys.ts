import type { ApiKeyDraft } from '@tollbook/usecases';
import type { Session } from '../session.js';

export type ApiKeyListRow = {
  readonly api_key_id: string;
  readonly name: string;
  readonly lookup: string;
  readonly scopes: readonly string[];
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
};

const key = `select k.api_key_id, k.name, k.lookup, k.scopes, k.created_at, k.expires_at, k.revoked_at, u.last_used_at
  from api_keys k
  left join api_key_uses u on u.book_id = k.book_id and u.api_key_id = k.api_key_id
  where k.book_id = $1`;

const list = {
  name: 'list_api_keys',
  text: `${key} and ($2::uuid is null or k.api_key_id < $2)
      and case $3::text when 'revoked' then k.revoked_at is not null
        when 'expired' then k.revoked_at is null and k.expires_at <= now()
        when 'active' then k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
        else true end
    order by k.api_key_id desc
    limit $4`,
};

const one = { name: 'read_api_key', text: `${key} and k.api_key_id = $2` };

const insert = {
  name: 'insert_dated_api_key',
  text: `insert into api_keys (book_id, api_key_id, name, lookup, key_hash, scopes, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
};

const replace = {
  name: 'replace_api_key_secret',
  text: `update api_keys set lookup = $3, key_hash = $4 where book_id = $1 and api_key_id = $2 and revoked_at is null`,
};

const revoke = {
  name: 'revoke_api_key',
  text: `update api_keys set revoked_at = now() where book_id = $1 and api_key_id = $2 and revoked_at is null`,
};

const touch = {
  name: 'touch_api_key',
  text: `insert into api_key_uses (book_id, api_key_id, last_used_at, address)
    values ($1, $2, date_trunc('minute', now()), $3)
    on conflict (book_id, api_key_id) do update
      set last_used_at = excluded.last_used_at, address = excluded.address
      where api_key_uses.last_used_at < excluded.last_used_at`,
};

/** A page of a book's keys, newest first. */
export async function listApiKeyRows(
  session: Session,
  bookId: number,
  filter: { readonly state: string | null; readonly after: string | null },
  limit: number,
): Promise<ApiKeyListRow[]> {
  return (await session.run<ApiKeyListRow>(list, [bookId, filter.after, filter.state, limit])).rows;
}

/** One key of a book; null where there is none. */
export async function readApiKey(session: Session, bookId: number, apiKeyId: string): Promise<ApiKeyListRow | null> {
  return (await session.run<ApiKeyListRow>(one, [bookId, apiKeyId])).rows[0] ?? null;
}

export async function insertDatedApiKey(
  session: Session,
  bookId: number,
  { apiKeyId, name, lookup, keyHash, scopes, expiresAtMs }: ApiKeyDraft,
): Promise<void> {
  const expiresAt = expiresAtMs === null ? null : new Date(expiresAtMs);
  await session.run(insert, [bookId, apiKeyId, name, lookup, keyHash, scopes, expiresAt]);
}

export async function replaceApiKeySecret(
  session: Session,
  bookId: number,
  apiKeyId: string,
  { lookup, keyHash }: Pick<ApiKeyDraft, 'lookup' | 'keyHash'>,
): Promise<void> {
  await session.run(replace, [bookId, apiKeyId, lookup, keyHash]);
}

export async function revokeApiKey(session: Session, bookId: number, apiKeyId: string): Promise<void> {
  await session.run(revoke, [bookId, apiKeyId]);
}

/** Notes that a key was used in this minute, and from where. */
export async function touchApiKey(
  session: Session,
  use: { readonly bookId: number; readonly apiKeyId: string; readonly address: string | null },
): Promise<void> {
  await session.run(touch, [use.bookId, use.apiKeyId, use.address]);
}
