import { discrepancyKindSchema, paymentIntentStatusSchema } from '@tollbook/contract';
import { z } from 'zod';
import { severalOf } from '../../search-params.js';

/** What the list of payments reads from its address. */
export const paymentsSearchShape = {
  q: z.string().max(200).optional(),
  status: severalOf(paymentIntentStatusSchema),
  flag: discrepancyKindSchema.optional(),
  network: z.string().optional(),
  endpoint: z.string().optional(),
  payer: z.string().optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
};

const paymentsSearchSchema = z.object(paymentsSearchShape);

export type PaymentsSearch = z.infer<typeof paymentsSearchSchema>;

/** Whether the list is narrowed by anything. */
export function isNarrowed(search: PaymentsSearch): boolean {
  return Object.values(search).some((value) => value !== undefined);
}
