import { isProblemCode } from '@tollbook/contract';
import { z } from 'zod';

/** What the list of refused payments reads from its address. */
export const refusalsSearchShape = {
  reason: z.string().refine(isProblemCode).optional(),
  client: z
    .string()
    .regex(/^[a-z0-9]{1,20}$/)
    .optional(),
  endpoint: z.string().optional(),
  payer: z.string().optional(),
  payment: z.string().optional(),
};
