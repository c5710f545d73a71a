import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { idSchema, instantSchema } from './scalar.js';
import { lineSchema } from './text.js';

/** So far deliveries to be recovered are counted. */
export const recoverableCountMax = 100_000;

/** Sends again, under their ids, all deliveries of an endpoint that were given up and whose events came since a time. */
export const webhookRecoverySchema = z.object({
  id: idSchema('whr'),
  webhookEndpointId: idSchema('whe'),
  /** At most sixty days before it began: what older events said is no longer kept. */
  since: instantSchema,
  /** `done`: all are due again. Whether they arrive is told by the deliveries themselves. */
  status: z.enum(['running', 'done']),
  /** How many there were when it began, counted up to 100000. */
  total: z.int().nonnegative(),
  /** How many are due again so far. */
  resent: z.int().nonnegative(),
  createdAt: instantSchema,
  doneAt: instantSchema.nullable(),
});

/** `POST /v1/webhook-endpoints/:id/recoveries/preview`. */
export const previewWebhookRecoverySchema = z.strictObject({ since: instantSchema });

/** How many deliveries a recovery would send again now, counted up to 100000. */
export const webhookRecoveryPreviewSchema = z.object({ since: instantSchema, count: z.int().nonnegative() });

/** `POST /v1/webhook-endpoints/:id/recoveries`. */
export const recoverWebhooksSchema = previewWebhookRecoverySchema.extend({
  reason: lineSchema.default('Recovery of what was given up'),
});

/** `GET /v1/webhook-endpoints/:id/recoveries`, newest first. */
export const webhookRecoveryListSchema = listAnswerSchema(webhookRecoverySchema);
export const webhookRecoveryListQuerySchema = z.strictObject(listParameters);

export type WebhookRecovery = z.infer<typeof webhookRecoverySchema>;
export type WebhookRecoveryListQuery = z.infer<typeof webhookRecoveryListQuerySchema>;
export type PreviewWebhookRecovery = z.infer<typeof previewWebhookRecoverySchema>;
export type RecoverWebhooks = z.infer<typeof recoverWebhooksSchema>;
