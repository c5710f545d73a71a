import { z } from 'zod';
import { listParameters } from './list.js';
import { instantSchema, modeSchema } from './scalar.js';
import { instantInputSchema, lineSchema } from './text.js';

export const actorKindSchema = z.enum(['user', 'api_key', 'system']);

/** One change of a configuration: who, what, before, after and why. */
export const auditEntrySchema = z.object({
  /** Its place in the merchant's log, without gaps; also the cursor. */
  seq: z.int().positive(),
  at: instantSchema,
  /** Null concerns both books. */
  mode: modeSchema.nullable(),
  actor: z.object({ kind: actorKindSchema, id: z.string(), name: z.string() }),
  /** Such as `price.changed`. */
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string() }),
  before: z.unknown(),
  after: z.unknown(),
  /** Null where nobody gave one. */
  reason: z.string().nullable(),
  requestId: z.string().nullable(),
  /** The IP address that the request came from. */
  address: z.string().nullable(),
  /** Whether its hash follows from this text and from the entry before it. */
  isChained: z.boolean(),
});

/** `GET /v1/audit-log`, newest first. */
export const auditListSchema = z.object({
  data: z.array(auditEntrySchema),
  nextCursor: z.string().nullable(),
  /** Whether every entry of this page is chained; `tollbook books verify` looks at all of them. */
  isChainVerified: z.boolean(),
});

/** What that list may be asked. `actor` and `target` are ids, `action` a whole one or its first word. */
export const auditListQuerySchema = z.strictObject({
  ...listParameters,
  actor: lineSchema.min(1, 'is empty').max(200, 'is too long').optional(),
  action: z
    .string()
    .regex(/^[a-z_]+([.][a-z_]+)*$/, 'must be an action such as price.changed, or its first word')
    .max(100, 'is too long')
    .optional(),
  target: lineSchema.min(1, 'is empty').max(200, 'is too long').optional(),
  from: instantInputSchema.optional(),
  to: instantInputSchema.optional(),
});

export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditList = z.infer<typeof auditListSchema>;
export type AuditListQuery = z.infer<typeof auditListQuerySchema>;
