import { z } from 'zod';
import { periodParameters, periodSchema } from './period.js';
import { atomicTextSchema, decimalTextSchema, idSchema, modeSchema } from './scalar.js';

/** Who can do something about a failure; `you` is the merchant. */
export const fixerSchema = z.enum(['buyer', 'you', 'facilitator', 'chain', 'us']);

/** An amount of one asset. */
export const moneySchema = z.object({
  asset: z.string(),
  amount: decimalTextSchema,
  amountAtomic: atomicTextSchema,
});

/** `GET /v1/reports/failures` and `.csv`. */
export const failuresQuerySchema = z.strictObject({ ...periodParameters, endpoint: idSchema('ep').optional() });

export const failureLineSchema = z.object({
  /** The stable code of the reason. */
  reason: z.string(),
  fixer: fixerSchema,
  /** Both together. */
  count: z.int(),
  /** Signed payments that failed after they were claimed. */
  failed: z.int(),
  /** Payments that were refused at the gate, before anything was kept of them. */
  refused: z.int(),
  /** `count` of the period before, of the same length. */
  previousCount: z.int(),
  /** What the failed ones would have paid. */
  amounts: z.array(moneySchema),
});

export const failuresReportSchema = z.object({
  mode: modeSchema,
  period: periodSchema,
  previous: periodSchema,
  data: z.array(failureLineSchema),
});

export type Fixer = z.infer<typeof fixerSchema>;
export type Money = z.infer<typeof moneySchema>;
export type FailuresQuery = z.infer<typeof failuresQuerySchema>;
export type FailureLine = z.infer<typeof failureLineSchema>;
export type FailuresReport = z.infer<typeof failuresReportSchema>;
