import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { atomicTextSchema, decimalTextSchema, idSchema, instantSchema } from './scalar.js';
import { lineSchema, textSchema } from './text.js';

/** What does not add up about a payment or a transfer. */
export const discrepancyKindSchema = z.enum([
  'late',
  'short',
  'over',
  'duplicate',
  'reorged',
  'unmatched',
  'unmatched_outflow',
  'paid_not_served',
  'served_not_paid',
]);

/** Somebody who works on discrepancies: a member of the merchant. */
const assigneeSchema = z.object({ id: z.string().min(1), name: z.string() });

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
  /** What was written about it last; once a person closed it, how it ended. */
  note: z.string().nullable(),
  /** Who works on it. */
  assignee: assigneeSchema.nullable(),
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
  resolution: z.enum(['kept', 'refunded', 'ignored', 'served', 'own_funds']),
  note: reasonSchema,
});

/** How it was closed. */
export const closedDiscrepancySchema = closeDiscrepancySchema.extend({
  id: idSchema('dis'),
  status: z.literal('closed'),
});

/** `PATCH /v1/discrepancies/:id`: what is left out stays; null takes the note or the assignee away. */
export const changeDiscrepancySchema = z
  .strictObject({
    note: lineSchema.min(1, 'must say something, or be null').nullable().optional(),
    assigneeId: textSchema.min(1).max(100).nullable().optional(),
  })
  .refine((change) => change.note !== undefined || change.assigneeId !== undefined, 'must change something');

/** `POST /v1/discrepancies/close`: many are ended in the same words, each by itself. */
export const closeDiscrepanciesSchema = closeDiscrepancySchema.extend({
  ids: z
    .array(idSchema('dis'))
    .min(1, 'must name one')
    .max(100, 'has at most 100 ids')
    .refine((ids) => new Set(ids).size === ids.length, 'names one twice'),
});

/** One outcome an id, in their order. `code` says why one was refused, as a problem would. */
export const closedDiscrepanciesSchema = z.object({
  data: z.array(
    z.object({
      id: idSchema('dis'),
      status: z.enum(['closed', 'refused']),
      code: z.string().nullable(),
      detail: z.string().nullable(),
    }),
  ),
  closed: z.int().min(0),
  refused: z.int().min(0),
});

/** `GET /v1/discrepancies/assignees`: whom one may be given to. */
export const assigneeListSchema = z.object({ data: z.array(assigneeSchema) });

/** `GET /v1/discrepancies`, newest first. */
export const discrepancyListSchema = listAnswerSchema(discrepancySchema);

/** What that list may be asked; any other parameter is refused. */
export const discrepancyListQuerySchema = z.strictObject({
  ...listParameters,
  kind: discrepancyKindSchema.optional(),
  status: z.enum(['open', 'closed']).optional(),
  /** Those of one person, of whoever asks (`me`), or of nobody (`none`). */
  assignee: textSchema.min(1).max(100).optional(),
});

export type LinkDiscrepancy = z.infer<typeof linkDiscrepancySchema>;
export type DiscrepancyLink = z.infer<typeof discrepancyLinkSchema>;
export type CloseDiscrepancy = z.infer<typeof closeDiscrepancySchema>;
export type ClosedDiscrepancy = z.infer<typeof closedDiscrepancySchema>;
export type ChangeDiscrepancy = z.infer<typeof changeDiscrepancySchema>;
export type CloseDiscrepancies = z.infer<typeof closeDiscrepanciesSchema>;
export type Discrepancy = z.infer<typeof discrepancySchema>;
export type DiscrepancyList = z.infer<typeof discrepancyListSchema>;
export type DiscrepancyListQuery = z.infer<typeof discrepancyListQuerySchema>;
