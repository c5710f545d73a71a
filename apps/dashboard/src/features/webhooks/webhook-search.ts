import { deliveryStatusSchema } from '@tollbook/contract';
import { z } from 'zod';

/** What a webhook endpoint's page reads from its address: which deliveries, and which one is open. */
export const webhookSearchShape = {
  status: deliveryStatusSchema.optional(),
  delivery: z.string().max(60).optional(),
};
