import { z } from 'zod';
import { paymentIntentStatusSchema } from './payment-intent.js';
import { priceVersionSchema } from './price-version.js';
import {
  atomicTextSchema,
  decimalTextSchema,
  idSchema,
  instantSchema,
  invoiceIdSchema,
  modeSchema,
  networkSchema,
} from './scalar.js';

/** `processing`: somebody is paying it, or the chain has still to tell. `withdrawn`: taken back before it was paid. */
export const offerStateSchema = z.enum(['open', 'processing', 'paid', 'expired', 'withdrawn']);

/** One way in which an offer may be paid. */
const offerWaySchema = z.object({
  network: networkSchema,
  /** The asset's symbol, and its contract in its network's display spelling. */
  asset: z.string().min(1),
  contract: z.string().min(1),
  amount: decimalTextSchema,
  amountAtomic: atomicTextSchema,
  payTo: z.string().min(1),
});

/** `GET /v1/offers/:id`: what a sealed invoice id stands for, and what became of it. */
export const offerSchema = z.object({
  invoiceId: invoiceIdSchema,
  mode: modeSchema,
  state: offerStateSchema,
  /** The endpoint whose 402 it was; null for a payment intent that names none. */
  endpoint: z.object({ id: idSchema('ep'), method: z.string(), path: z.string() }).nullable(),
  /** The price it was made at; null for a payment intent of a backend. */
  priceVersion: priceVersionSchema.nullable(),
  accepts: z.array(offerWaySchema),
  issuedAt: instantSchema,
  /** As buyers are told; a payment that was signed before is taken until `honoredUntil`. */
  expiresAt: instantSchema,
  honoredUntil: instantSchema,
  /** The payment it became, once somebody tried to pay it. */
  paymentId: idSchema('pi').nullable(),
  paymentStatus: paymentIntentStatusSchema.nullable(),
});

export type Offer = z.infer<typeof offerSchema>;
