import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { atomicTextSchema, decimalTextSchema, idSchema, instantSchema, networkSchema } from './scalar.js';
import { instantInputSchema, lineSchema, textSchema } from './text.js';

/** `scheduled` waits for its `activeFrom`, `canceled` was replaced before it came. */
export const priceVersionStateSchema = z.enum(['scheduled', 'current', 'past', 'canceled']);

/** One decision of what an endpoint asks; never changed, only followed by the next. */
export const priceVersionSchema = z.object({
  id: idSchema('pv'),
  /** Counted up from 1 for each endpoint. */
  version: z.int().positive(),
  amount: decimalTextSchema,
  amountAtomic: atomicTextSchema,
  /** The asset's symbol. */
  asset: z.string().min(1),
  networks: z.array(networkSchema),
  /** Who decided it, for people. */
  author: z.string(),
  reason: z.string(),
  state: priceVersionStateSchema,
  activeFrom: instantSchema,
  /** When the next took over; null while it is in force or to come. Open offers keep it until their grace ends. */
  activeTo: instantSchema.nullable(),
  /** When the last offer made at this price stops being taken; null while offers are made at it. */
  honoredUntil: instantSchema.nullable(),
  createdAt: instantSchema,
});

/** `GET /v1/endpoints/:id/prices`, newest first. */
export const priceVersionListSchema = listAnswerSchema(priceVersionSchema);
export const priceVersionListQuerySchema = z.strictObject(listParameters);

/** `POST /v1/endpoints/:id/prices`: a new version, going back to an old price included. */
export const createPriceVersionSchema = z.strictObject({
  /** Decimal text in whole units of the asset, such as `0.01`. */
  amount: textSchema,
  /** The asset's symbol; that of the version before where it is left out. */
  asset: textSchema.min(1, 'is empty').max(20, 'is too long').optional(),
  /** Those of the version before where they are left out. */
  networks: z.array(textSchema).min(1, 'names no network').max(10, 'names more than 10 networks').optional(),
  free: z.boolean().optional(),
  reason: lineSchema.min(1, 'is empty'),
  /** At once where it is left out; otherwise up to a year ahead. */
  effectiveFrom: instantInputSchema.optional(),
});

export type PriceVersion = z.infer<typeof priceVersionSchema>;
export type PriceVersionList = z.infer<typeof priceVersionListSchema>;
export type PriceVersionListQuery = z.infer<typeof priceVersionListQuerySchema>;
export type CreatePriceVersion = z.infer<typeof createPriceVersionSchema>;
