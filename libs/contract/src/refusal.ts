import { z } from 'zod';
import { fixerSchema } from './failures.js';
import { listAnswerSchema, listParameters } from './list.js';
import { periodParameters } from './period.js';
import { isProblemCode } from './problem-codes.js';
import { idSchema, instantSchema } from './scalar.js';

/** One field of a payment, as it was asked for and as it came. Null: that side says nothing of it. */
export const comparedLineSchema = z.object({
  /** `scheme`, `network`, `resource`, `asset`, `recipient`, `amount`, `validAfter`, `validBefore`, `signer` or `terms`. */
  field: z.string().min(1),
  expected: z.string().nullable(),
  received: z.string().nullable(),
  differs: z.boolean(),
});

/**
 * A payment that was refused before anything was kept of it: a sample, at most sixty a minute, for thirty days. Nobody
 * proved that it is the payer's.
 */
export const refusalSchema = z.object({
  id: idSchema('rfs'),
  at: instantSchema,
  reason: z.string().min(1),
  fixer: fixerSchema,
  nextStep: z.string().min(1),
  /** What was wrong with the header, where the payment could not be read. */
  detail: z.string().nullable(),
  /** Null: at an invoice of your backend's that names no endpoint. */
  endpointId: idSchema('ep').nullable(),
  payer: z.string().nullable(),
  /** The payment that the offer it names became, where there is one. */
  paymentId: idSchema('pi').nullable(),
  /** Null where not even its header said one. */
  x402Version: z.union([z.literal(1), z.literal(2)]).nullable(),
  clientFamily: z.string().min(1),
  userAgent: z.string().nullable(),
  /** Every field side by side; empty where the payment could not be read. */
  comparison: z.array(comparedLineSchema),
});

/** `GET /v1/refusals`, newest first. */
export const refusalListSchema = listAnswerSchema(refusalSchema);
export const refusalListQuerySchema = z.strictObject({
  ...listParameters,
  ...periodParameters,
  reason: z.string().refine(isProblemCode, 'must be a code such as amount_mismatch').optional(),
  endpoint: idSchema('ep').optional(),
  client: z
    .string()
    .regex(/^[a-z0-9]{1,20}$/, 'must be a family of clients such as node')
    .optional(),
  payer: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address such as 0x1234…, of 40 digits')
    .optional(),
  payment: idSchema('pi').optional(),
});

export type ComparedLine = z.infer<typeof comparedLineSchema>;
export type Refusal = z.infer<typeof refusalSchema>;
export type RefusalList = z.infer<typeof refusalListSchema>;
export type RefusalListQuery = z.infer<typeof refusalListQuerySchema>;
