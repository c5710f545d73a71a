import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { idSchema, instantSchema, modeSchema } from './scalar.js';
import { webhookEventTypes } from './webhook-endpoint.js';

/** What a webhook's body says, word for word. */
export const webhookBodySchema = z.object({
  /** Also the `webhook-id`: the same at every try and every resend. */
  id: idSchema('evt'),
  type: z.string().min(1),
  timestamp: instantSchema,
  apiVersion: z.string(),
  mode: modeSchema,
  /** Counts the events of one payment, from 1, without gaps; null where the event is about none. */
  sequence: z.int().positive().nullable(),
  /** The object as `/v1` shows it, at that moment. */
  data: z.record(z.string(), z.unknown()),
});

/** An event as `/v1/events` shows it. What it said is kept for sixty days; `apiVersion` and `data` are null then. */
export const eventSchema = webhookBodySchema.extend({
  /** Its place in the feed, for `?after=`; null until it has one, and for test events. */
  position: z.int().positive().nullable(),
  apiVersion: z.string().nullable(),
  data: z.record(z.string(), z.unknown()).nullable(),
});

/** `GET /v1/events`, in the order of the feed. `nextCursor` is null where the feed ends for now. */
export const eventListSchema = listAnswerSchema(eventSchema);

/** What the feed may be asked; any other parameter is refused. */
export const eventListQuerySchema = z.strictObject({
  limit: listParameters.limit,
  /** The `position` of the last event that was seen; left out, the feed begins at its first. */
  after: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,14})$/, 'must be the position of an event')
    .optional(),
  type: z.enum(webhookEventTypes, 'is no event type').optional(),
});

export type WebhookBody = z.infer<typeof webhookBodySchema>;
export type Event = z.infer<typeof eventSchema>;
export type EventList = z.infer<typeof eventListSchema>;
export type EventListQuery = z.infer<typeof eventListQuerySchema>;
