import { paymentFlagSchema, paymentIntentStatusSchema } from '@tollbook/contract';
import { z } from 'zod';
import { severalOf } from '../../search-params.js';

/** What the list of payments reads from its address. */
export const paymentsSearchShape = {
  q: z.string().max(200).optional(),
  status: severalOf(paymentIntentStatusSchema),
  flag: severalOf(paymentFlagSchema),
  reason: z
    .string()
    .regex(/^[a-z_]{1,60}$/)
    .optional(),
  network: z.string().optional(),
  endpoint: z.string().optional(),
  payer: z.string().optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  /** The payment that is shown beside the list. */
  peek: z.string().optional(),
};

const paymentsSearchSchema = z.object(paymentsSearchShape);

/** What narrows the list; the panel beside it does not. */
export type PaymentsSearch = Omit<z.infer<typeof paymentsSearchSchema>, 'peek'>;

/** Whether the list is narrowed by anything. */
export function isNarrowed(search: PaymentsSearch): boolean {
  return Object.values(search).some((value) => value !== undefined);
}
