import { z } from 'zod';
import { periodParameters, periodSchema } from './period.js';
import { idSchema, modeSchema } from './scalar.js';

/** `GET /v1/reports/clients` and `.csv`. */
export const clientsQuerySchema = z.strictObject({ ...periodParameters, endpoint: idSchema('ep').optional() });

const ends = {
  /** Payments that were refused before they were claimed. */
  refused: z.int(),
  /** Those that failed after that; nothing was charged. */
  failed: z.int(),
  /** Those whose buyer was told that the chain has to tell. */
  unknown: z.int(),
  paid: z.int(),
};

export const clientLineSchema = z.object({
  /** The family, told by the user agent: such as `node`, `python`, or `none` where it did not say. */
  client: z.string().min(1),
  /** Requests without a payment that got an offer. */
  offered: z.int(),
  ...ends,
  /** Three offers and tries or more, and none was paid. */
  neverPays: z.boolean(),
  /** Why its payments most often came to nothing; a stable code. */
  topReason: z.string().nullable(),
  /** By x402 version; null where not even the header said one. */
  versions: z.array(z.object({ x402Version: z.union([z.literal(1), z.literal(2)]).nullable(), ...ends })),
});

export const clientsReportSchema = z.object({
  mode: modeSchema,
  period: periodSchema,
  /** Those that never pay first. */
  data: z.array(clientLineSchema),
});

export type ClientsQuery = z.infer<typeof clientsQuerySchema>;
export type ClientLine = z.infer<typeof clientLineSchema>;
export type ClientsReport = z.infer<typeof clientsReportSchema>;
