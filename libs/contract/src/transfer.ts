import { z } from 'zod';
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

export type Transfer = z.infer<typeof transferSchema>;
