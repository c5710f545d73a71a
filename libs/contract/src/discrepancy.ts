import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { atomicTextSchema, decimalTextSchema, idSchema, instantSchema } from './scalar.js';
import { lineSchema } from './text.js';

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
  /** The asset's symbol. */
  asset: z.string().min(1),
  openedAt: instantSchema,
  closedAt: instantSchema.nullable(),
  resolution: z.string().nullable(),
  note: z.string().nullable(),
  /** What a person may close it with; empty where only the chain can. */
  resolutionsByHand: z.array(z.string()),
});

const reasonSchema = lineSchema.min(1, 'must say why');

/** `POST /v1/discrepancies/:id/link`: money that fits no payment is given to one by hand. */
export const linkDiscrepancySchema = z.strictObject({ paymentId: idSchema('pi'), reason: reasonSchema });

/**
 * What became of it. `done`: the books were changed. `pending`: it will be done in a moment; ask again. `refused`: the
 * payment or the money had moved on meanwhile, and nothing was changed.
 */
export const discrepancyLinkSchema = z.object({
  id: idSchema('dis'),
  status: z.enum(['done', 'pending', 'refused']),
  paymentId: idSchema('pi'),
  refusal: z.string().nullable(),
});

/** `POST /v1/discrepancies/:id/close`: a person says how it ended. The books stay as they are. */
export const closeDiscrepancySchema = z.strictObject({
  resolution: z.enum(['kept', 'refunded', 'ignored', 'served']),
  note: reasonSchema,
});

/** How it was closed. */
export const closedDiscrepancySchema = closeDiscrepancySchema.extend({
  id: idSchema('dis'),
  status: z.literal('closed'),
});

/** `GET /v1/discrepancies`, newest first. */
export const discrepancyListSchema = listAnswerSchema(discrepancySchema);

/** What that list may be asked; any other parameter is refused. */
export const discrepancyListQuerySchema = z.strictObject({
  ...listParameters,
  kind: discrepancyKindSchema.optional(),
  status: z.enum(['open', 'closed']).optional(),
});

export type LinkDiscrepancy = z.infer<typeof linkDiscrepancySchema>;
export type DiscrepancyLink = z.infer<typeof discrepancyLinkSchema>;
export type CloseDiscrepancy = z.infer<typeof closeDiscrepancySchema>;
export type ClosedDiscrepancy = z.infer<typeof closedDiscrepancySchema>;
export type Discrepancy = z.infer<typeof discrepancySchema>;
export type DiscrepancyList = z.infer<typeof discrepancyListSchema>;
export type DiscrepancyListQuery = z.infer<typeof discrepancyListQuerySchema>;
