import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { idSchema, instantSchema } from './scalar.js';
import { lineSchema, textSchema } from './text.js';

/** What an endpoint may subscribe to: `*` for everything, later types included, or types by name. */
export const webhookEventTypes = [
  'payment_intent.created',
  'payment_intent.processing',
  'payment_intent.confirmed',
  'payment_intent.final',
  'payment_intent.unknown',
  'payment_intent.failed',
  'payment_intent.expired',
  'payment_intent.canceled',
  'payment_intent.late',
  'payment_intent.short',
  'payment_intent.over',
  'payment_intent.duplicate',
  'payment_intent.reorged',
  'transfer.unmatched',
  'transfer.unmatched_outflow',
  'payment_intent.paid_not_served',
  'payment_intent.served_not_paid',
  'refund.recorded',
  'refund.confirmed',
  'refund.final',
  'refund.canceled',
  'refund.reorged',
  'discrepancy.updated',
  'discrepancy.closed',
  'books.differ',
  'books.agree',
  'webhook_endpoint.disabled',
  'webhook.test',
] as const;

/** `failing`: nothing was taken since the last failure. `disabled`: nothing is sent, and no new deliveries are made. */
export const webhookEndpointStateSchema = z.enum(['active', 'failing', 'disabled']);

/** Where a merchant's systems are told. The secret is shown once, when it is made. */
export const webhookEndpointSchema = z.object({
  id: idSchema('whe'),
  url: z.string().min(1),
  events: z.array(z.string()).min(1),
  isEnabled: z.boolean(),
  state: webhookEndpointStateSchema,
  /**
   * Why we disabled it: `gone` where it answered 410, `failing` where it took nothing for five days. Null where a person
   * did, or nobody.
   */
  disabledReason: z.enum(['gone', 'failing']).nullable(),
  /** The first failure since something was taken; null while it answers. */
  failingSince: instantSchema.nullable(),
  /** Deliveries that wait for their next try, counted up to a thousand. */
  pendingDeliveries: z.int().nonnegative(),
  /** Until when the secret before this one still signs; null where there is none. */
  oldSecretUntil: instantSchema.nullable(),
  createdAt: instantSchema,
});

/** The answer that holds a secret: of a new endpoint, or of a rotation. */
export const webhookEndpointWithSecretSchema = webhookEndpointSchema.extend({
  /** `whsec_` and base64, for the libraries of Standard Webhooks. */
  secret: z.string().startsWith('whsec_'),
});

/** `GET /v1/webhook-endpoints`, newest first. */
export const webhookEndpointListSchema = listAnswerSchema(webhookEndpointSchema);
export const webhookEndpointListQuerySchema = z.strictObject(listParameters);

const urlSchema = textSchema.min(1, 'is empty').max(2_000, 'has at most 2000 characters');
const eventsSchema = z
  .array(z.enum(['*', ...webhookEventTypes], 'is no event type'))
  .min(1, 'names no event')
  .max(50, 'names more than 50 events')
  .refine((events) => new Set(events).size === events.length, 'names an event twice');

/** `POST /v1/webhook-endpoints`. */
export const createWebhookEndpointSchema = z.strictObject({
  url: urlSchema,
  events: eventsSchema.default(['*']),
  reason: lineSchema.default('New webhook endpoint'),
});

/** `PATCH /v1/webhook-endpoints/:id`. */
export const changeWebhookEndpointSchema = z
  .strictObject({
    url: urlSchema.optional(),
    events: eventsSchema.optional(),
    isEnabled: z.boolean().optional(),
    reason: lineSchema.default(''),
  })
  .refine(({ reason: _, ...changes }) => Object.keys(changes).length > 0, 'changes nothing');

const daySeconds = 86_400;

/** `POST /v1/webhook-endpoints/:id/rotate-secret`. */
export const rotateWebhookSecretSchema = z.strictObject({
  /** How long the secret before still signs: a day unless told, nothing after a leak, a week at most. */
  overlapSeconds: z
    .int('must be a whole number of seconds')
    .min(0, 'must be at least 0')
    .max(7 * daySeconds, `must be at most ${7 * daySeconds}`)
    .default(daySeconds),
  reason: lineSchema.default('Secret rotated'),
});

/** `POST /v1/webhook-endpoints/:id/test`: the delivery that was made. */
export const webhookTestSchema = z.object({ eventId: idSchema('evt'), deliveryId: idSchema('dlv') });

export type WebhookEndpoint = z.infer<typeof webhookEndpointSchema>;
export type WebhookEndpointWithSecret = z.infer<typeof webhookEndpointWithSecretSchema>;
export type WebhookEndpointList = z.infer<typeof webhookEndpointListSchema>;
export type WebhookEndpointListQuery = z.infer<typeof webhookEndpointListQuerySchema>;
export type WebhookEndpointState = z.infer<typeof webhookEndpointStateSchema>;
export type CreateWebhookEndpoint = z.infer<typeof createWebhookEndpointSchema>;
export type ChangeWebhookEndpoint = z.infer<typeof changeWebhookEndpointSchema>;
export type RotateWebhookSecret = z.infer<typeof rotateWebhookSecretSchema>;
export type WebhookTest = z.infer<typeof webhookTestSchema>;
