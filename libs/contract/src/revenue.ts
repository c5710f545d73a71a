import { z } from 'zod';
import { periodParameters, periodSchema } from './period.js';
import { atomicTextSchema, daySchema, decimalTextSchema, idSchema, modeSchema, networkSchema } from './scalar.js';
import { textSchema } from './text.js';

/** What came in for payments. `confirmed` is not final yet; `total` is both. */
export const revenueSchema = z.object({
  asset: z.string(),
  payments: z.int(),
  total: decimalTextSchema,
  totalAtomic: atomicTextSchema,
  final: decimalTextSchema,
  finalAtomic: atomicTextSchema,
  confirmed: decimalTextSchema,
  confirmedAtomic: atomicTextSchema,
});

export const revenueGroupSchema = z.enum(['day', 'endpoint', 'network']);

/** `GET /v1/reports/revenue` and `.csv`; `groupBy` may be repeated, or hold several with commas between. */
export const revenueQuerySchema = z.strictObject({
  ...periodParameters,
  groupBy: z
    .union([textSchema, z.array(textSchema)])
    .transform((value, context): RevenueGroup[] => {
      const parsed = z
        .array(revenueGroupSchema)
        .safeParse([...new Set([value].flat().flatMap((text) => text.split(',')))]);
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: `holds words other than ${revenueGroupSchema.options.join(', ')}` });
      return z.NEVER;
    })
    .default(['day']),
});

/** `GET /v1/reports/payments.csv`: one line a payment that was made in the period. */
export const paymentsCsvQuerySchema = z.strictObject(periodParameters);

/** One line of the report; only what it is grouped by is not null. */
export const revenueLineSchema = revenueSchema.extend({
  day: daySchema.nullable(),
  endpointId: idSchema('ep').nullable(),
  /** Method and path, such as `GET /weather`; null where money belongs to no endpoint. */
  endpoint: z.string().nullable(),
  network: networkSchema.nullable(),
});

export const revenueReportSchema = z.object({
  mode: modeSchema,
  period: periodSchema,
  groupBy: z.array(revenueGroupSchema),
  data: z.array(revenueLineSchema),
  /** One per asset; assets are never added up. */
  totals: z.array(revenueSchema),
});

export type PaymentsCsvQuery = z.infer<typeof paymentsCsvQuerySchema>;
export type Revenue = z.infer<typeof revenueSchema>;
export type RevenueQuery = z.infer<typeof revenueQuerySchema>;
export type RevenueGroup = z.infer<typeof revenueGroupSchema>;
export type RevenueLine = z.infer<typeof revenueLineSchema>;
export type RevenueReport = z.infer<typeof revenueReportSchema>;
