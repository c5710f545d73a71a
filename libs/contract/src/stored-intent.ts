import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { paymentIntentSchema, paymentIntentStatusSchema } from './payment-intent.js';
import { idSchema, instantSchema } from './scalar.js';
import { lineSchema, textSchema } from './text.js';

const orderIdSchema = lineSchema.min(1, 'is empty').max(200, 'has at most 200 characters');
const metadataValueSchema = z.union([
  textSchema.max(500, 'has at most 500 characters'),
  z.number(),
  z.boolean(),
  z.null(),
]);

/** What a merchant notes on an intent: up to 50 plain values, which Tollbook hands back and never reads. */
export const metadataSchema = z
  .record(textSchema.min(1).max(64), metadataValueSchema)
  .refine((metadata) => Object.keys(metadata).length <= 50, 'has more than 50 members');

/** `POST /v1/payment-intents`. */
export const createPaymentIntentSchema = z.strictObject({
  /** Decimal text in whole units of the asset, such as `0.01`. */
  amount: textSchema,
  asset: textSchema.min(1, 'is empty').max(20, 'is too long').default('USDC'),
  /** One network so far; that of the book's receiving wallet where it is left out. */
  networks: z.array(textSchema).min(1, 'names no network').max(1, 'names more than one network').optional(),
  endpointId: idSchema('ep').optional(),
  orderId: orderIdSchema.optional(),
  description: lineSchema.optional(),
  metadata: metadataSchema.optional(),
  /** From a minute to thirty days; an hour where it is left out. */
  expiresInSeconds: z
    .int('must be a whole number of seconds')
    .min(60, 'must be at least 60')
    .max(2_592_000, 'must be at most 2592000')
    .default(3_600),
});

/** `POST /v1/payment-intents/:id/cancel`. */
export const cancelPaymentIntentSchema = z.strictObject({ reason: lineSchema.default('') });

/** A payment intent with what its merchant said of it. */
export const storedIntentSchema = paymentIntentSchema.extend({
  orderId: z.string().nullable(),
  description: z.string().nullable(),
  expiresAt: instantSchema,
  /** The page that a person pays it on. */
  paymentUrl: z.string(),
});

/** `GET /v1/payment-intents`, newest first: also those that nobody tried to pay. */
export const storedIntentListSchema = listAnswerSchema(storedIntentSchema);
export const storedIntentListQuerySchema = z.strictObject({
  ...listParameters,
  status: paymentIntentStatusSchema.optional(),
  orderId: orderIdSchema.optional(),
});

export type StoredIntent = z.infer<typeof storedIntentSchema>;
export type StoredIntentList = z.infer<typeof storedIntentListSchema>;
export type StoredIntentListQuery = z.infer<typeof storedIntentListQuerySchema>;
export type CreatePaymentIntent = z.infer<typeof createPaymentIntentSchema>;
export type CancelPaymentIntent = z.infer<typeof cancelPaymentIntentSchema>;
