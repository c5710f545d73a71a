import { z } from 'zod';
import { failureLineSchema, moneySchema } from './failures.js';
import { periodParameters, periodSchema } from './period.js';
import { revenueSchema } from './revenue.js';
import { daySchema, instantSchema, modeSchema } from './scalar.js';

/** `GET /v1/overview`: the last thirty days unless told; `by` says what the revenue of each day is split by. */
export const overviewQuerySchema = z.strictObject({
  ...periodParameters,
  by: z.enum(['network', 'endpoint']).default('network'),
});

/** Signed attempts that came to an end; `rate` is a share from 0 to 1, null where there were none. */
const successSchema = z.object({ paid: z.int(), failed: z.int(), rate: z.number().nullable() });

/** One day's revenue of one network or endpoint. */
export const seriesPointSchema = revenueSchema.extend({
  day: daySchema,
  /** The network, or the id of the endpoint; null where money belongs to no endpoint. */
  key: z.string().nullable(),
  label: z.string(),
});

/** One step of the way from an offer to its answer. */
export const funnelStepSchema = z.object({
  step: z.enum(['offered', 'signed', 'verified', 'settled', 'served']),
  count: z.int(),
  /** The reason by which most of those were lost that reached the step before, but not this one. */
  topReason: z.string().nullable(),
});

/** What waits for a person or for the chain, now and whatever the period. */
const attentionSchema = z.object({ count: z.int(), amounts: z.array(moneySchema) });

export const overviewSchema = z.object({
  mode: modeSchema,
  asOf: instantSchema,
  period: periodSchema,
  previous: periodSchema,
  revenue: z.object({ current: z.array(revenueSchema), previous: z.array(revenueSchema) }),
  paidRequests: z.object({ current: z.int(), previous: z.int() }),
  success: z.object({ current: successSchema, previous: successSchema }),
  payers: z.object({ current: z.int(), previous: z.int() }),
  by: z.enum(['network', 'endpoint']),
  /** Days without revenue are left out. */
  series: z.array(seriesPointSchema),
  /** The six reasons that failed most. */
  failures: z.array(failureLineSchema),
  funnel: z.array(funnelStepSchema),
  attention: z.object({
    unknown: attentionSchema,
    unmatched: attentionSchema,
    paidNotServed: attentionSchema,
  }),
});

export type OverviewQuery = z.infer<typeof overviewQuerySchema>;
export type Overview = z.infer<typeof overviewSchema>;
export type SeriesPoint = z.infer<typeof seriesPointSchema>;
export type FunnelStep = z.infer<typeof funnelStepSchema>;
