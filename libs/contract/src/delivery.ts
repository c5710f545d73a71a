import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { idSchema, instantSchema } from './scalar.js';

/** `dropped`: the endpoint said that it is gone, or was removed. */
export const deliveryStatusSchema = z.enum(['pending', 'delivered', 'exhausted', 'dropped']);

/** One webhook endpoint that is to be told of one event. */
export const deliverySchema = z.object({
  id: idSchema('dlv'),
  eventId: idSchema('evt'),
  eventType: z.string().min(1),
  /** The payment that the event is about; null for events of another kind. */
  paymentId: idSchema('pi').nullable(),
  webhookEndpointId: idSchema('whe'),
  status: deliveryStatusSchema,
  /** Also those before a resend; each is kept for sixty days. */
  tries: z.int().nonnegative(),
  lastHttpStatus: z.int().nullable(),
  /** When it is tried next; null once it is done or given up. */
  nextAttemptAt: instantSchema.nullable(),
  doneAt: instantSchema.nullable(),
  createdAt: instantSchema,
});

const headerFieldsSchema = z.array(z.tuple([z.string(), z.string()]));

/** One try: what was sent, what came back, and how long it took. */
export const deliveryAttemptSchema = z.object({
  startedAt: instantSchema,
  /** Null while it runs, and for ever where its process died. */
  finishedAt: instantSchema.nullable(),
  /** Null where no answer began. */
  httpStatus: z.int().nullable(),
  /** Why there was no complete answer: a stable word such as `timeout`; null where there was one. */
  error: z.string().nullable(),
  /** Milliseconds from the beginning: to the head of the answer, and to the end. */
  timings: z.object({ headMs: z.int().nullable(), totalMs: z.int() }).nullable(),
  requestHeaders: headerFieldsSchema.nullable(),
  responseHeaders: headerFieldsSchema.nullable(),
  /** The first 16 kB. */
  responseBody: z.string().nullable(),
});

/** `GET /v1/deliveries/:id`. What was sent and answered is kept for sixty days. */
export const deliveryDetailSchema = deliverySchema.extend({
  url: z.string(),
  /** The body, byte for byte as it is signed; null once it is no longer kept. */
  requestBody: z.string().nullable(),
  /** Whether it can be sent again now. */
  isResendable: z.boolean(),
  /** Oldest first. */
  attempts: z.array(deliveryAttemptSchema),
});

/** `GET /v1/deliveries`, newest first. */
export const deliveryListSchema = listAnswerSchema(deliverySchema);

/** What that list may be asked; any other parameter is refused. */
export const deliveryListQuerySchema = z.strictObject({
  ...listParameters,
  webhookEndpoint: idSchema('whe').optional(),
  status: deliveryStatusSchema.optional(),
  event: idSchema('evt').optional(),
  payment: idSchema('pi').optional(),
});

export type Delivery = z.infer<typeof deliverySchema>;
export type DeliveryAttempt = z.infer<typeof deliveryAttemptSchema>;
export type DeliveryDetail = z.infer<typeof deliveryDetailSchema>;
export type DeliveryList = z.infer<typeof deliveryListSchema>;
export type DeliveryListQuery = z.infer<typeof deliveryListQuerySchema>;
