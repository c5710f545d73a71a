import { z } from 'zod';
import { webhookEventTypes } from './webhook-endpoint.js';

/**
 * Events of `GET /v1/live` that stand in no feed. `ping` comes first and says where the feed ends now; `reset` says that
 * what came since the last id is not told, so everything is to be loaded again; `config` says that prices, endpoints,
 * wallets, limits or keys of the book changed.
 */
export const liveSignals = ['ping', 'reset', 'config'] as const;

/**
 * Every name that an event of `GET /v1/live` may have. The id of an event is its position in the feed, and its data is
 * the event as `/v1/events` shows it.
 */
export const liveEventTypes = [...webhookEventTypes, ...liveSignals] as const;

/** What `GET /v1/live` may be asked. */
export const liveQuerySchema = z.strictObject({
  /** The last position that was seen; the header `Last-Event-ID`, which browsers send by themselves, goes before it. */
  after: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,14})$/, 'must be the id of an event of this stream')
    .optional(),
});

export type LiveQuery = z.infer<typeof liveQuerySchema>;
