import { z } from 'zod';
import { discrepancyKindSchema } from './discrepancy.js';
import { listAnswerSchema, listParameters } from './list.js';
import { periodParameters } from './period.js';
import {
  atomicTextSchema,
  decimalTextSchema,
  idSchema,
  instantSchema,
  invoiceIdSchema,
  modeSchema,
  networkSchema,
} from './scalar.js';
import { textSchema } from './text.js';

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
  /** Why it failed, or why the last try at one that is still open came to nothing. A stable code. */
  failureReason: z.string().nullable(),
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

/** What a list of payments may be narrowed to: a kind of discrepancy that is open, or `any` of them. */
export const paymentFlagSchema = z.enum([...discrepancyKindSchema.options, 'any']);

/** Several values of one parameter are several of that name: `status=confirmed&status=final`. */
function oneOrSeveral<Value extends z.ZodType>(value: Value) {
  return z.union([value, z.array(value).max(16)]);
}

/**
 * What `GET /v1/payments` may be asked; any other parameter is refused. `q` finds one payment, or those of one payer:
 * by payment id, invoice id, invoice number, transaction hash, address or order id. `from` and `to` are about when a
 * payment was made.
 */
export const paymentIntentListQuerySchema = z.strictObject({
  ...listParameters,
  ...periodParameters,
  status: oneOrSeveral(paymentIntentStatusSchema).optional(),
  /** Payments with an open discrepancy of this kind, or of any. */
  flag: oneOrSeveral(paymentFlagSchema).optional(),
  /** Payments that failed for this reason, or were tried in vain for it and are still open. */
  reason: z
    .string()
    .regex(/^[a-z_]{1,60}$/, 'must be a code such as upstream_failed')
    .optional(),
  network: networkSchema.optional(),
  endpoint: idSchema('ep').optional(),
  payer: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address such as 0x1234…, of 40 digits')
    .optional(),
  q: textSchema.trim().min(1).max(200).optional(),
});

export type PaymentIntent = z.infer<typeof paymentIntentSchema>;
export type PaymentIntentStatus = z.infer<typeof paymentIntentStatusSchema>;
export type PaymentIntentList = z.infer<typeof paymentIntentListSchema>;
export type PaymentIntentListQuery = z.infer<typeof paymentIntentListQuerySchema>;
