import { z } from 'zod';
import { failureLineSchema, moneySchema } from './failures.js';
import { periodParameters, periodSchema } from './period.js';
import { revenueSchema } from './revenue.js';
import { daySchema, instantSchema, modeSchema } from './scalar.js';

/** What a period is held against: the days just before it, the same days a year before, or nothing. */
export const comparisonSchema = z.enum(['prev', 'year', 'none']);

/** `GET /v1/overview`: the last thirty days unless told; `by` says what the revenue of each day is split by. */
export const overviewQuerySchema = z.strictObject({
  ...periodParameters,
  by: z.enum(['network', 'endpoint']).default('network'),
  cmp: comparisonSchema.default('prev'),
});

/** Signed attempts that came to an end; `rate` is a share from 0 to 1, null where there were none. */
const successSchema = z.object({ paid: z.int(), failed: z.int(), rate: z.number().nullable() });

/** One day's or one hour's revenue of one network or endpoint. */
export const seriesPointSchema = revenueSchema.extend({
  day: daySchema,
  /** The hour's first moment where revenue is told by hour, else null. */
  hour: instantSchema.nullable(),
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
  comparison: comparisonSchema,
  /**
   * What it is held against, null where that is nothing. While the period runs it ends where the period has come to;
   * a rate needs no such cut, and is that of its whole days.
   */
  previous: periodSchema.nullable(),
  revenue: z.object({ current: z.array(revenueSchema), previous: z.array(revenueSchema).nullable() }),
  paidRequests: z.object({ current: z.int(), previous: z.int().nullable() }),
  success: z.object({ current: successSchema, previous: successSchema.nullable() }),
  payers: z.object({ current: z.int(), previous: z.int().nullable() }),
  by: z.enum(['network', 'endpoint']),
  /** What each point of the series is of: an hour in periods of up to two days. */
  bucket: z.enum(['hour', 'day']),
  /** Days and hours without revenue are left out. */
  series: z.array(seriesPointSchema),
  /** The same of what it is held against, its days whole and all together: neither `key` nor `label` say anything. */
  previousSeries: z.array(seriesPointSchema),
  /** The days that `previousSeries` is about, the first of them beside the period's first. */
  previousDays: periodSchema.nullable(),
  /** The six reasons that failed most. */
  failures: z.array(failureLineSchema),
  funnel: z.array(funnelStepSchema),
  attention: z.object({
    unknown: attentionSchema,
    unmatched: attentionSchema,
    paidNotServed: attentionSchema,
  }),
});

export type Comparison = z.infer<typeof comparisonSchema>;
export type OverviewQuery = z.infer<typeof overviewQuerySchema>;
export type Overview = z.infer<typeof overviewSchema>;
export type SeriesPoint = z.infer<typeof seriesPointSchema>;
export type FunnelStep = z.infer<typeof funnelStepSchema>;
