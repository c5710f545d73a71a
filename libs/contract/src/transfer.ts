import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import {
  atomicTextSchema,
  blockNumberSchema,
  decimalTextSchema,
  idSchema,
  instantSchema,
  networkSchema,
} from './scalar.js';

/** How settled a transfer's block is. `orphaned`: the chain went another way; nothing is ever deleted. */
export const transferStageSchema = z.enum(['seen', 'confirmed', 'final', 'orphaned']);

/** Money that our own indexer saw move to or from a watched wallet. */
export const transferSchema = z.object({
  id: idSchema('tr'),
  network: networkSchema,
  txHash: z.string(),
  blockNumber: blockNumberSchema,
  blockHash: z.string(),
  blockTime: instantSchema,
  from: z.string(),
  to: z.string(),
  amount: decimalTextSchema,
  amountAtomic: atomicTextSchema,
  stage: transferStageSchema,
});

/** Where part of a transfer stands in the books. */
const allocationSchema = z.object({
  bucket: z.enum([
    'payment',
    'partial',
    'overpayment',
    'late',
    'duplicate',
    'unmatched',
    'dust',
    'self',
    'refund',
    'sweep',
  ]),
  paymentId: idSchema('pi').nullable(),
  matchedBy: z.string(),
  amount: decimalTextSchema,
  amountAtomic: atomicTextSchema,
});

/** A transfer in the list: with where its money stands, and what is open about it. */
export const listedTransferSchema = transferSchema.extend({
  asset: z.string(),
  direction: z.enum(['in', 'out', 'own']),
  /** Empty until its block is deep enough. */
  allocations: z.array(allocationSchema),
  discrepancyIds: z.array(idSchema('dis')),
});

/** `GET /v1/transfers`, newest first. */
export const transferListSchema = listAnswerSchema(listedTransferSchema);

/** What that list may be asked. `unmatched`: money that no payment was found for. */
export const transferListQuerySchema = z.strictObject({
  ...listParameters,
  status: z.enum(['matched', 'unmatched']).optional(),
  network: networkSchema.optional(),
});

export type ListedTransfer = z.infer<typeof listedTransferSchema>;
export type TransferList = z.infer<typeof transferListSchema>;
export type TransferListQuery = z.infer<typeof transferListQuerySchema>;
export type Transfer = z.infer<typeof transferSchema>;
