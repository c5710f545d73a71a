import { z } from 'zod';
import { deliverySchema } from './delivery.js';
import { paymentIntentSchema, paymentIntentStatusSchema } from './payment-intent.js';
import { refundSchema } from './refund.js';
import { comparedLineSchema } from './refusal.js';
import {
  atomicTextSchema,
  blockNumberSchema,
  daySchema,
  decimalTextSchema,
  idSchema,
  instantSchema,
} from './scalar.js';
import { transferSchema } from './transfer.js';

/** One thing that happened to a payment, oldest first, with what we go by. */
export const timelineItemSchema = z.object({
  at: instantSchema,
  /** Stable: an event's type such as `payment_intent.confirmed`, or a step such as `attempt.sent`. */
  type: z.string().min(1),
  /** One line for people. */
  title: z.string().min(1),
  /** The payment's status from then on, where it changed. */
  status: paymentIntentStatusSchema.optional(),
  evidence: z.record(z.string(), z.unknown()).optional(),
});

export const attemptStatusSchema = z.enum([
  'claimed',
  'verified',
  'submitting',
  'submitted',
  'unknown',
  'confirmed',
  'final',
  'failed',
]);

/** One signed authorization, or one presented transaction, and how far it got. */
export const attemptSchema = z.object({
  id: idSchema('att'),
  status: attemptStatusSchema,
  /** Why it failed; null otherwise. A stable code. */
  reason: z.string().nullable(),
  /** What a facilitator or node said of it, word for word; null where nobody had anything to say. */
  rawReason: z.string().nullable(),
  /** Where the payment itself was refused: what was asked beside what came, field by field; else empty. */
  comparison: z.array(comparedLineSchema),
  /** What to do about it, where it failed. */
  nextStep: z.string().nullable(),
  /** The facilitator that it was sent to; null while nothing was sent, and where the built-in one sent it. */
  facilitatorId: idSchema('fac').nullable(),
  payer: z.string(),
  nonce: z.string().nullable(),
  /** Null where the buyer showed a transaction instead of signing for x402. */
  x402Version: z.union([z.literal(1), z.literal(2)]).nullable(),
  /** What kind of program paid, told by its user agent: `none` where it did not say. */
  clientFamily: z.string().min(1),
  txHash: z.string().nullable(),
  createdAt: instantSchema,
  sentAt: instantSchema.nullable(),
  servedAt: instantSchema.nullable(),
});

/** One entry of the ledger: every posting moves one amount from the credited account to the debited one. */
export const ledgerEntrySchema = z.object({
  /** Its place in the book, without gaps. */
  entrySeq: z.int().positive(),
  /** Such as `payment_confirmed`. */
  kind: z.string().min(1),
  localDay: daySchema,
  blockNumber: blockNumberSchema.nullable(),
  postings: z
    .array(
      z.object({
        debit: z.string().min(1),
        credit: z.string().min(1),
        amount: decimalTextSchema,
        amountAtomic: atomicTextSchema,
        asset: z.string().min(1),
      }),
    )
    .min(1),
});

/** `GET /v1/payments/:id`: the intent, and everything that happened around it. */
export const paymentDetailSchema = paymentIntentSchema.extend({
  timeline: z.array(timelineItemSchema),
  attempts: z.array(attemptSchema),
  transfers: z.array(transferSchema),
  ledgerEntries: z.array(ledgerEntrySchema),
  /** Announced ones too, oldest first. */
  refunds: z.array(refundSchema),
  /** What may still be given back of it. */
  refundable: decimalTextSchema,
  deliveries: z.array(deliverySchema),
});

export type TimelineItem = z.infer<typeof timelineItemSchema>;
export type Attempt = z.infer<typeof attemptSchema>;
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;
export type PaymentDetail = z.infer<typeof paymentDetailSchema>;
