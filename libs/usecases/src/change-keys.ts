import { encodeId } from '@tollbook/domain';
import { type ConfigurationRefusal, refuse } from './configuration-refusal.js';
import type {
  ApiKeyDraft,
  ApiKeyListing,
  ConfigurationCaller,
  ConfigurationStore,
  ConfigurationTx,
} from './ports/configuration-store.js';

export type ApiKeyResult = { readonly kind: 'ok'; readonly key: ApiKeyListing } | ConfigurationRefusal;

/**
 * Keeps a new key by its hash. Nobody gives away a permission that they do not hold. Where a run that died made it
 * before, its secret was never shown, and this one takes its place.
 */
export async function createKey(
  store: ConfigurationStore,
  caller: ConfigurationCaller & { readonly permissions: readonly string[] },
  input: ApiKeyDraft & { readonly granted: readonly string[]; readonly reason: string },
): Promise<ApiKeyResult> {
  const missing = input.granted.find((permission) => !caller.permissions.includes(permission));
  if (missing !== undefined) {
    return refuse('permission_missing', 'scopes', `You do not hold "${missing}", so you cannot give it away.`);
  }
  return store.change<ApiKeyResult>(caller, async (tx) => {
    if (input.expiresAtMs !== null && input.expiresAtMs <= tx.nowMs) {
      return { result: refuse('key_expiry_invalid', 'expiresAt', 'This moment is over.'), audit: [] };
    }
    if (await tx.apiKey(input.apiKeyId)) {
      await tx.replaceApiKeySecret(input.apiKeyId, input);
      return { result: { kind: 'ok', key: await readBack(tx, input.apiKeyId) }, audit: [] };
    }
    await tx.insertApiKey(input);
    const expiresAt = input.expiresAtMs === null ? null : new Date(input.expiresAtMs).toISOString();
    const audit = {
      action: 'key.created',
      targetKind: 'api_key',
      targetId: encodeId('apiKey', input.apiKeyId),
      before: null,
      after: { name: input.name, scopes: [...input.scopes], expiresAt },
      reason: input.reason,
    };
    return { result: { kind: 'ok', key: await readBack(tx, input.apiKeyId) }, audit: [audit] };
  });
}

/** Ends a key at once and for good; asked again, it answers the same. */
export async function revokeKey(
  store: ConfigurationStore,
  caller: ConfigurationCaller,
  { apiKeyId, reason }: { readonly apiKeyId: string; readonly reason: string },
): Promise<ApiKeyResult> {
  return store.change<ApiKeyResult>(caller, async (tx) => {
    const before = await tx.apiKey(apiKeyId);
    if (!before) return { result: refuse('not_found', null, 'No key has this id.'), audit: [] };
    if (before.revokedAtMs !== null) return { result: { kind: 'ok', key: before }, audit: [] };
    await tx.revokeApiKey(apiKeyId);
    const { name, scopes } = before;
    const audit = {
      action: 'key.revoked',
      targetKind: 'api_key',
      targetId: encodeId('apiKey', apiKeyId),
      before: { name, scopes: [...scopes] },
      after: null,
      reason,
    };
    return { result: { kind: 'ok', key: await readBack(tx, apiKeyId) }, audit: [audit] };
  });
}

async function readBack(tx: ConfigurationTx, apiKeyId: string): Promise<ApiKeyListing> {
  const key = await tx.apiKey(apiKeyId);
  if (!key) throw new Error('a key that was written can be read');
  return key;
}
