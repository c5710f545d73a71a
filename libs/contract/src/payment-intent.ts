import { z } from 'zod';
import { discrepancyKindSchema } from './discrepancy.js';
import { listAnswerSchema, listParameters } from './list.js';
import {
  atomicTextSchema,
  decimalTextSchema,
  idSchema,
  instantSchema,
  invoiceIdSchema,
  modeSchema,
  networkSchema,
} from './scalar.js';

/** Where a payment stands. `unknown` means sent with an outcome that only the chain will tell. */
export const paymentIntentStatusSchema = z.enum([
  'open',
  'processing',
  'confirmed',
  'final',
  'unknown',
  'failed',
  'expired',
  'canceled',
]);

/** A payment intent as `/v1` and webhooks show it; null where something is not known yet. */
export const paymentIntentSchema = z.object({
  id: idSchema('pi'),
  invoiceId: invoiceIdSchema,
  /** Drawn when money is booked, without gaps, such as `INV-2026-000123`. */
  invoiceNumber: z.string().nullable(),
  mode: modeSchema,
  status: paymentIntentStatusSchema,
  amount: decimalTextSchema,
  amountAtomic: atomicTextSchema,
  /** The asset's symbol, as prices name it. */
  asset: z.string().min(1),
  network: networkSchema,
  endpointId: idSchema('ep').nullable(),
  /** The address that signed or sent, in its network's display spelling. */
  payer: z.string().nullable(),
  txHash: z.string().nullable(),
  amountRefunded: decimalTextSchema,
  /** Kinds of the discrepancies that are open. */
  discrepancies: z.array(discrepancyKindSchema),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  createdAt: instantSchema,
  confirmedAt: instantSchema.nullable(),
  finalAt: instantSchema.nullable(),
});

/** `GET /v1/payments` and `GET /v1/payment-intents`, newest first. */
export const paymentIntentListSchema = listAnswerSchema(paymentIntentSchema);

/** What those lists may be asked; any other parameter is refused. */
export const paymentIntentListQuerySchema = z.strictObject({
  ...listParameters,
  status: paymentIntentStatusSchema.optional(),
});

export type PaymentIntent = z.infer<typeof paymentIntentSchema>;
export type PaymentIntentStatus = z.infer<typeof paymentIntentStatusSchema>;
export type PaymentIntentList = z.infer<typeof paymentIntentListSchema>;
export type PaymentIntentListQuery = z.infer<typeof paymentIntentListQuerySchema>;
