import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  type ApiKey,
  type ApiKeyListQuery,
  apiKeyListQuerySchema,
  type CreateApiKey,
  createApiKeySchema,
  permissionsOf,
  type RemovalQuery,
  removalQuerySchema,
} from '@tollbook/contract';
import { encodeId } from '@tollbook/domain';
import { type ApiKeyListing, createKey, revokeKey } from '@tollbook/usecases';
import { createApiKey } from '@tollbook/vault';
import type { ApiParts } from '../composition.js';
import { afterId, pageOf, pathId } from '../cursor.js';
import { NewIds, type RequestIds } from '../idempotency/request-ids.js';
import { refused } from '../refused.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { type Caller, CurrentCaller } from './caller.js';
import { Requires } from './requires.decorator.js';

/** Keys of the merchant API, one book each. */
@Controller('v1/keys')
export class KeysController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get()
  @Requires('keys:read')
  async list(@CurrentCaller() caller: Caller, @Query(new SchemaPipe(apiKeyListQuerySchema)) query: ApiKeyListQuery) {
    const filter = { state: query.state ?? null, after: afterId('apiKey', query.after) };
    const rows = await this.parts.configuration.listApiKeys(caller.bookId, filter, query.limit + 1);
    const shown = (row: ApiKeyListing) => this.shown(caller, row);
    return pageOf(rows, query.limit, shown, (row) => encodeId('apiKey', row.apiKeyId));
  }

  /** The secret stands in this answer and nowhere else. */
  @Post()
  @Requires('keys:write')
  async create(
    @CurrentCaller() caller: Caller,
    @NewIds() ids: RequestIds,
    @Body(new SchemaPipe(createApiKeySchema)) { name, scopes, expiresAt, reason }: CreateApiKey,
  ) {
    const made = createApiKey(caller.mode);
    const result = await createKey(this.parts.configuration, caller, {
      apiKeyId: ids('apiKey'),
      name,
      scopes,
      granted: permissionsOf(scopes),
      reason,
      lookup: made.lookup,
      keyHash: made.secretHash(this.parts.apiKeyPepper),
      expiresAtMs: expiresAt === null ? null : Date.parse(expiresAt),
    });
    if (result.kind === 'refused') throw refused(result);
    return { ...this.shown(caller, result.key), secret: made.text };
  }

  /** Ends it at once; asked again, it answers the same. */
  @Delete(':id')
  @Requires('keys:write')
  async revoke(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query(new SchemaPipe(removalQuerySchema)) { reason }: RemovalQuery,
  ) {
    const apiKeyId = pathId('apiKey', id, 'key');
    const result = await revokeKey(this.parts.configuration, caller, { apiKeyId, reason });
    if (result.kind === 'refused') throw refused(result);
    return this.shown(caller, result.key);
  }

  private shown({ mode }: Caller, key: ApiKeyListing): ApiKey {
    const isoOf = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
    const isExpired = key.expiresAtMs !== null && key.expiresAtMs <= this.parts.snapshot.nowMs();
    return {
      id: encodeId('apiKey', key.apiKeyId),
      name: key.name,
      prefix: `tbk_${mode}_${key.lookup}`,
      scopes: [...key.scopes],
      state: key.revokedAtMs !== null ? 'revoked' : isExpired ? 'expired' : 'active',
      createdAt: new Date(key.createdAtMs).toISOString(),
      expiresAt: isoOf(key.expiresAtMs),
      revokedAt: isoOf(key.revokedAtMs),
      lastUsedAt: isoOf(key.lastUsedAtMs),
    };
  }
}
