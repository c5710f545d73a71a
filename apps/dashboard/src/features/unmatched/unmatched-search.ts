import { discrepancyKindSchema } from '@tollbook/contract';
import { z } from 'zod';

/** What the triage reads from its address: which are listed, and which one is open. */
export const unmatchedSearchShape = {
  status: z.enum(['open', 'closed']).optional(),
  kind: discrepancyKindSchema.optional(),
  /** `me` or `none`. */
  assignee: z.enum(['me', 'none']).optional(),
  peek: z.string().max(60).optional(),
};
