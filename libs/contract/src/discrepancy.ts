import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { atomicTextSchema, decimalTextSchema, idSchema, instantSchema } from './scalar.js';

/** What does not add up about a payment or a transfer. */
export const discrepancyKindSchema = z.enum([
  'late',
  'short',
  'over',
  'duplicate',
  'reorged',
  'unmatched',
  'paid_not_served',
  'served_not_paid',
]);

/** A discrepancy, open while `closedAt` is null. `resolution` says in a word how it ended. */
export const discrepancySchema = z.object({
  id: idSchema('dis'),
  kind: discrepancyKindSchema,
  intentId: idSchema('pi').nullable(),
  transferId: idSchema('tr').nullable(),
  amount: decimalTextSchema,
  amountAtomic: atomicTextSchema,
  openedAt: instantSchema,
  closedAt: instantSchema.nullable(),
  resolution: z.string().nullable(),
});

/** `GET /v1/discrepancies`, newest first. */
export const discrepancyListSchema = listAnswerSchema(discrepancySchema);

/** What that list may be asked; any other parameter is refused. */
export const discrepancyListQuerySchema = z.strictObject({
  ...listParameters,
  kind: discrepancyKindSchema.optional(),
  status: z.enum(['open', 'closed']).optional(),
});

export type Discrepancy = z.infer<typeof discrepancySchema>;
export type DiscrepancyList = z.infer<typeof discrepancyListSchema>;
export type DiscrepancyListQuery = z.infer<typeof discrepancyListQuerySchema>;
