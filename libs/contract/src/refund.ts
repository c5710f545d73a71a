import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { atomicTextSchema, decimalTextSchema, idSchema, instantSchema, networkSchema } from './scalar.js';
import { lineSchema, textSchema } from './text.js';

/** `recorded` waits for the transfer that carries it out; the chain alone says `confirmed` and `final`. */
const refundStatusSchema = z.enum(['recorded', 'confirmed', 'final', 'canceled']);

/** Money of a payment that is given back. */
export const refundSchema = z.object({
  id: idSchema('rf'),
  paymentId: idSchema('pi'),
  status: refundStatusSchema,
  amount: decimalTextSchema,
  amountAtomic: atomicTextSchema,
  asset: z.string().min(1),
  network: networkSchema,
  /** Where it is to be sent: to whoever paid, unless it was announced otherwise. */
  to: z.string().min(1),
  /** Of the transfer that carries it out, or as somebody named it. */
  txHash: z.string().nullable(),
  transferId: idSchema('tr').nullable(),
  reason: z.string(),
  createdAt: instantSchema,
});

const txHashSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, 'must be a transaction hash such as 0x1234…, of 64 digits')
  .transform((text) => text.toLowerCase());
const reasonSchema = lineSchema.min(1, 'must say why');

/** `POST /v1/refunds`: without an amount, everything that is left of the payment; nothing is sent by it. */
export const recordRefundSchema = z.strictObject({
  paymentId: idSchema('pi'),
  amount: textSchema.max(100).optional(),
  to: textSchema.max(100).optional(),
  txHash: txHashSchema.optional(),
  reason: reasonSchema,
});

/** `POST /v1/refunds/:id/link`: the transaction that carries it out. */
export const linkRefundSchema = z.strictObject({ txHash: txHashSchema, reason: reasonSchema });

/** `POST /v1/refunds/:id/cancel`. */
export const cancelRefundSchema = z.strictObject({ reason: reasonSchema });

/** `GET /v1/refunds`, newest first. */
export const refundListSchema = listAnswerSchema(refundSchema);
export const refundListQuerySchema = z.strictObject({
  ...listParameters,
  status: refundStatusSchema.optional(),
  payment: idSchema('pi').optional(),
});

export type Refund = z.infer<typeof refundSchema>;
export type RefundListQuery = z.infer<typeof refundListQuerySchema>;
export type RecordRefund = z.infer<typeof recordRefundSchema>;
