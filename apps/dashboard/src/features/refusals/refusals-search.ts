import { z } from 'zod';

/** What the list of refused payments reads from its address. */
export const refusalsSearchShape = {
  reason: z
    .string()
    .regex(/^[a-z_]{1,60}$/)
    .optional(),
  client: z
    .string()
    .regex(/^[a-z0-9]{1,20}$/)
    .optional(),
  endpoint: z.string().optional(),
  payer: z.string().optional(),
  payment: z.string().optional(),
};
