import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { createPriceVersionSchema, priceVersionSchema } from './price-version.js';
import { rateLimitInputSchema } from './rate-limit.js';
import { atomicTextSchema, decimalTextSchema, idSchema, instantSchema, modeSchema, networkSchema } from './scalar.js';
import { lineSchema, textSchema } from './text.js';

/** After: the upstream answers before money moves. Before: money moves first. */
export const settleModeSchema = z.enum(['after', 'before']);

/** Whether a payment may bring an identifier of its buyer's (extension `payment-identifier`), or must. */
const paymentIdentifierSchema = z.enum(['optional', 'required']);

/** `active` sells; `disabled` answers 404 until it is enabled again; `archived` is kept for the books alone. */
export const endpointStateSchema = z.enum(['active', 'disabled', 'archived']);

/** What the last seven days came to; the running day counts as one. */
export const endpointWeekSchema = z.object({
  payments: z.int().nonnegative(),
  revenue: decimalTextSchema,
  revenueAtomic: atomicTextSchema,
  asset: z.string().min(1),
});

/** One priced method and path, as `/v1` shows it. */
export const endpointSchema = z.object({
  id: idSchema('ep'),
  mode: modeSchema,
  method: z.string().min(1),
  /** As the merchant's own paths go, such as `/weather` or `/quotes/:symbol`. */
  path: z.string().startsWith('/'),
  /** Where buyers call it: the gate's address with the book's slug and the path. */
  url: z.string().min(1),
  /** Null where the merchant's own server asks for the verdict. */
  upstream: z.string().nullable(),
  description: z.string(),
  settleMode: settleModeSchema,
  timeoutMs: z.int().positive(),
  isEnabled: z.boolean(),
  paymentIdentifier: paymentIdentifierSchema,
  /** In these three, null is whatever the instance's settings say. The largest body of a paid request. */
  requestBytesMax: z.int().nonnegative().nullable(),
  /** What is held of an answer until money has moved, where it moves after; beyond it the rest follows the money. */
  heldBytesMax: z.int().nonnegative().nullable(),
  /** Whole units of a token that may be sent and not yet confirmed; beyond it a payment is served once it is seen. */
  exposureMax: z.string().nullable(),
  state: endpointStateSchema,
  /** Where the current price may be paid. */
  networks: z.array(networkSchema),
  /** Asked now; null while a first price is only scheduled. */
  price: priceVersionSchema.nullable(),
  /** Asked from its `activeFrom` on, where one waits. */
  scheduledPrice: priceVersionSchema.nullable(),
  createdAt: instantSchema,
  archivedAt: instantSchema.nullable(),
  /** Left out where nothing counts payments. */
  lastWeek: endpointWeekSchema.optional(),
});

/** `GET /v1/endpoints`, newest first. */
export const endpointListSchema = listAnswerSchema(endpointSchema);

/** What that list may be asked. Archived endpoints are shown to whoever asks for them by `state`. */
export const endpointListQuerySchema = z.strictObject({ ...listParameters, state: endpointStateSchema.optional() });

const upstreamSchema = textSchema.min(1, 'is empty').max(2_000, 'has at most 2000 characters');
const timeoutMsSchema = z.int('must be a whole number of milliseconds');
const bytesMaxSchema = z.int('must be a whole number of bytes').nonnegative('must not be negative').nullable();
const exposureMaxSchema = z
  .string()
  .regex(/^(0|[1-9]\d{0,11})$/, 'must be a whole number of up to 12 digits, as text')
  .nullable();

/** A draft of what an endpoint asks, as the body of its creation and of a preview have it. */
export const priceDraftSchema = z.strictObject({
  /** Decimal text in whole units of the asset, such as `0.01`. */
  amount: textSchema,
  /** The asset's symbol. */
  asset: textSchema.min(1, 'is empty').max(20, 'is too long').default('USDC'),
  free: z.boolean().optional(),
});

/** `POST /v1/endpoints`. */
export const createEndpointSchema = z.strictObject({
  method: textSchema.min(1, 'is empty').max(16, 'is too long'),
  path: textSchema.min(1, 'is empty').max(500, 'has at most 500 characters'),
  upstream: upstreamSchema,
  description: lineSchema.default(''),
  price: priceDraftSchema,
  networks: z.array(textSchema).min(1, 'names no network').max(10, 'names more than 10 networks'),
  settleMode: settleModeSchema.default('after'),
  timeoutMs: timeoutMsSchema.default(30_000),
  paymentIdentifier: paymentIdentifierSchema.default('optional'),
  requestBytesMax: bytesMaxSchema.optional(),
  heldBytesMax: bytesMaxSchema.optional(),
  exposureMax: exposureMaxSchema.optional(),
  rateLimit: rateLimitInputSchema.optional(),
  reason: lineSchema.default('New endpoint'),
});

/** `PATCH /v1/endpoints/:id`. A price is changed by a new version, method and path not at all. */
export const changeEndpointSchema = z
  .strictObject({
    upstream: upstreamSchema.optional(),
    description: lineSchema.optional(),
    isEnabled: z.boolean().optional(),
    paymentIdentifier: paymentIdentifierSchema.optional(),
    settleMode: settleModeSchema.optional(),
    timeoutMs: timeoutMsSchema.optional(),
    requestBytesMax: bytesMaxSchema.optional(),
    heldBytesMax: bytesMaxSchema.optional(),
    exposureMax: exposureMaxSchema.optional(),
    reason: lineSchema.default(''),
  })
  .refine(({ reason: _, ...changes }) => Object.keys(changes).length > 0, 'changes nothing');

/** `POST /v1/endpoints/preview`: an endpoint that is not there yet. */
export const previewEndpointSchema = z.strictObject({
  method: createEndpointSchema.shape.method,
  path: createEndpointSchema.shape.path,
  description: lineSchema.default(''),
  price: priceDraftSchema,
  networks: createEndpointSchema.shape.networks,
});

/** `POST /v1/endpoints/:id/preview`: another price for an endpoint that is there. */
export const previewPriceSchema = z.strictObject({
  amount: createPriceVersionSchema.shape.amount,
  asset: createPriceVersionSchema.shape.asset,
  networks: createPriceVersionSchema.shape.networks,
  free: createPriceVersionSchema.shape.free,
});

export type Endpoint = z.infer<typeof endpointSchema>;
export type EndpointList = z.infer<typeof endpointListSchema>;
export type EndpointListQuery = z.infer<typeof endpointListQuerySchema>;
export type EndpointState = z.infer<typeof endpointStateSchema>;
export type CreateEndpoint = z.infer<typeof createEndpointSchema>;
export type ChangeEndpoint = z.infer<typeof changeEndpointSchema>;
export type PreviewEndpoint = z.infer<typeof previewEndpointSchema>;
export type PreviewPrice = z.infer<typeof previewPriceSchema>;
