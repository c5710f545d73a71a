import { z } from 'zod';
import { atomicTextSchema, decimalTextSchema, networkSchema } from './scalar.js';
import { lineSchema, textSchema } from './text.js';

/** How small a difference in an asset opens nothing: 0 asks about every one. */
const toleranceSchema = z.object({
  network: networkSchema,
  asset: z.string().min(1),
  amount: decimalTextSchema,
  amountAtomic: atomicTextSchema,
});

/** `GET /v1/tolerances`: each asset that the book takes. */
export const toleranceListSchema = z.object({ data: z.array(toleranceSchema) });

/** `PUT /v1/tolerances`: in the token's own units, at most one whole token. */
export const setToleranceSchema = z.strictObject({
  network: networkSchema,
  asset: textSchema.min(1).max(40),
  amountAtomic: z.string().regex(/^(0|[1-9][0-9]{0,77})$/, 'must be a whole number of the smallest unit, as text'),
  reason: lineSchema.min(1, 'must say why'),
});

export type SetTolerance = z.infer<typeof setToleranceSchema>;
