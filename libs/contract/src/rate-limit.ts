import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { idSchema, instantSchema } from './scalar.js';
import { instantInputSchema, lineSchema, textSchema } from './text.js';

/** A whole number of a limit; what it may be is said whatever came instead. */
function whole(min: number, max: number) {
  const must = `must be a whole number from ${min} to ${max}`;
  return z.int(must).min(min, must).max(max, must);
}

const perMinuteSchema = whole(1, 1_000_000);

/** `points` calls per window, which begins with its first call, and `burst` more once in ten windows. */
export const ratePolicySchema = z.strictObject({
  points: perMinuteSchema,
  windowSeconds: whole(1, 86_400),
  burst: whole(0, 1_000_000).default(0),
});

/** Limits as they are set: each side by its calls a minute or by a whole policy. Null takes a limit away. */
export const rateLimitInputSchema = z
  .strictObject({
    paidPerMinute: perMinuteSchema.nullable().optional(),
    unpaidPerMinute: perMinuteSchema.nullable().optional(),
    paid: ratePolicySchema.nullable().optional(),
    unpaid: ratePolicySchema.nullable().optional(),
  })
  .superRefine((input, context) => {
    for (const side of ['paid', 'unpaid'] as const) {
      if (input[side] === undefined || input[`${side}PerMinute`] === undefined) continue;
      const message = `says the same as "${side}PerMinute"; send one of them`;
      context.addIssue({ code: 'custom', path: [side], message });
    }
  });

/** The body of `PATCH /v1/rate-limits/:endpointId`: sides that are left out stay as they are. */
export const rateLimitChangeSchema = z
  .strictObject({
    ...rateLimitInputSchema.shape,
    reason: lineSchema.default(''),
  })
  .superRefine((input, context) => {
    const { reason: _, ...limits } = input;
    const checked = rateLimitInputSchema.safeParse(limits);
    for (const { path, message } of checked.error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  });

export const rateSubjectKindSchema = z.enum(['payer', 'address']);
export const rateActionSchema = z.enum(['allow', 'block', 'limit']);

/** An exception for one payer or address. Of an address only a keyed hash of its network is kept and shown. */
export const rateLimitOverrideSchema = z.object({
  id: idSchema('rlo'),
  subjectKind: rateSubjectKindSchema,
  subject: z.string(),
  /** Null: at every endpoint. */
  endpointId: idSchema('ep').nullable(),
  action: rateActionSchema,
  /** Only of `limit`. */
  policy: ratePolicySchema.nullable(),
  expiresAt: instantSchema.nullable(),
  reason: z.string(),
  createdAt: instantSchema,
});

/** The body of `POST /v1/rate-limits/overrides`. One for the same subject and endpoint is replaced. */
export const rateLimitOverrideInputSchema = z.strictObject({
  subjectKind: rateSubjectKindSchema,
  /** A payer's address on chain; an IP address, or the hash that stands for one in `topLimited`. */
  subject: textSchema.min(1, 'is empty').max(128, 'is too long'),
  endpointId: idSchema('ep').nullable().default(null),
  action: rateActionSchema,
  policy: ratePolicySchema.nullable().default(null),
  expiresAt: instantInputSchema.nullable().default(null),
  reason: lineSchema.default(''),
});

const countSchema = z.int().nonnegative();

/** One payer or address that was held back, or stands nearest to its limit. */
export const limitedSubjectSchema = z.object({
  subjectKind: rateSubjectKindSchema,
  subject: z.string(),
  throttledLastHour: countSchema,
  throttledLast24h: countSchema,
  lastSeenAt: instantSchema,
  used: countSchema,
  /** Null where an exception lets it call as often as it likes. */
  left: countSchema.nullable(),
  /** Null while no window of it runs. */
  resetsAt: instantSchema.nullable(),
  overrideId: idSchema('rlo').nullable(),
});

/**
 * One side of an endpoint's limits. `used`, `left` and `resetsAt` are those of the subject that stands nearest to its
 * limit; limits of unpaid offers hold in each process, and the fullest one is told.
 */
export const rateLimitSideSchema = z.object({
  policy: ratePolicySchema.nullable(),
  used: countSchema,
  left: countSchema.nullable(),
  resetsAt: instantSchema.nullable(),
  fullest: z.string().nullable(),
  allowedLastHour: countSchema,
  throttledLastHour: countSchema,
  allowedLast24h: countSchema,
  throttledLast24h: countSchema,
  /** Of the last 24 hours those in which anything was counted, oldest first. */
  hours: z.array(z.object({ startsAt: instantSchema, allowed: countSchema, throttled: countSchema })),
  topLimited: z.array(limitedSubjectSchema),
});

/** How an endpoint's limits stand. */
export const rateLimitStatusSchema = z.object({
  endpointId: idSchema('ep'),
  method: z.string(),
  path: z.string(),
  paid: rateLimitSideSchema,
  unpaid: rateLimitSideSchema,
  overrides: z.array(rateLimitOverrideSchema),
});

/** `GET /v1/rate-limits`. */
export const rateLimitListSchema = listAnswerSchema(rateLimitStatusSchema);
export const rateLimitListQuerySchema = z.strictObject({ ...listParameters, endpointId: idSchema('ep').optional() });

/** `GET /v1/rate-limits/overrides`, newest first; those that have expired are left out. */
export const rateLimitOverrideListSchema = listAnswerSchema(rateLimitOverrideSchema);
export const rateLimitOverrideListQuerySchema = z.strictObject(listParameters);

export type RatePolicy = z.infer<typeof ratePolicySchema>;
export type RateLimitInput = z.infer<typeof rateLimitInputSchema>;
export type RateLimitChange = z.infer<typeof rateLimitChangeSchema>;
export type RateLimitOverride = z.infer<typeof rateLimitOverrideSchema>;
export type RateLimitOverrideInput = z.infer<typeof rateLimitOverrideInputSchema>;
export type LimitedSubject = z.infer<typeof limitedSubjectSchema>;
export type RateLimitSide = z.infer<typeof rateLimitSideSchema>;
export type RateLimitStatus = z.infer<typeof rateLimitStatusSchema>;
export type RateLimitList = z.infer<typeof rateLimitListSchema>;
export type RateLimitListQuery = z.infer<typeof rateLimitListQuerySchema>;
export type RateLimitOverrideList = z.infer<typeof rateLimitOverrideListSchema>;
export type RateLimitOverrideListQuery = z.infer<typeof rateLimitOverrideListQuerySchema>;
