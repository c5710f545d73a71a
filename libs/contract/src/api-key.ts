import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { scopeSchema } from './permissions.js';
import { idSchema, instantSchema } from './scalar.js';
import { instantInputSchema, lineSchema } from './text.js';

export const apiKeyStateSchema = z.enum(['active', 'expired', 'revoked']);

/** A key of the merchant API, without its secret. */
export const apiKeySchema = z.object({
  id: idSchema('key'),
  name: z.string(),
  /** The beginning of the key, which is no secret, such as `tbk_test_abcdefghijkl`. */
  prefix: z.string().min(1),
  scopes: z.array(z.string()),
  state: apiKeyStateSchema,
  createdAt: instantSchema,
  expiresAt: instantSchema.nullable(),
  revokedAt: instantSchema.nullable(),
  /** To the minute; null where it was never used, or nobody wrote it down. */
  lastUsedAt: instantSchema.nullable(),
});

/** `GET /v1/keys`, newest first. */
export const apiKeyListSchema = listAnswerSchema(apiKeySchema);
export const apiKeyListQuerySchema = z.strictObject({ ...listParameters, state: apiKeyStateSchema.optional() });

/** `POST /v1/keys`. Nobody gives away a permission that they do not hold. */
export const createApiKeySchema = z.strictObject({
  name: lineSchema.min(1, 'is empty').max(100, 'has at most 100 characters'),
  scopes: z
    .array(scopeSchema)
    .min(1, 'names no scope')
    .max(50, 'names more than 50 scopes')
    .refine((scopes) => new Set(scopes).size === scopes.length, 'names a scope twice'),
  expiresAt: instantInputSchema.nullable().default(null),
  reason: lineSchema.default(''),
});

/** The answer to that: `secret` is the whole key, and is shown this once. */
export const createdApiKeySchema = apiKeySchema.extend({ secret: z.string().min(1) });

export type ApiKey = z.infer<typeof apiKeySchema>;
export type ApiKeyList = z.infer<typeof apiKeyListSchema>;
export type ApiKeyListQuery = z.infer<typeof apiKeyListQuerySchema>;
export type CreateApiKey = z.infer<typeof createApiKeySchema>;
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>;
