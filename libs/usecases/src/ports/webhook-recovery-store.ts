import type { WebhookChange } from './webhook-store.js';

/** A recovery of what an endpoint was not told. Times are unix milliseconds. */
export type WebhookRecoveryRecord = {
  readonly webhookRecoveryId: string;
  readonly webhookEndpointId: string;
  readonly sinceMs: number;
  readonly total: number;
  /** Deliveries that are due again by it. */
  readonly resent: number;
  readonly createdAtMs: number;
  readonly doneAtMs: number | null;
};

export type RecoveryRefusal = 'unknown' | 'disabled' | 'running';
export type RecoveryRefused = { readonly kind: 'refused'; readonly reason: RecoveryRefusal };

/**
 * Recoveries of a book's endpoints: deliveries that were given up, made since a time, are sent again under their ids.
 * The worker carries them out. A time before what is kept counts as the beginning of that.
 */
export interface WebhookRecoveryStore {
  /** How many deliveries a recovery would send again now, counted up to `countMax`. */
  count(
    bookId: number,
    webhookEndpointId: string,
    sinceMs: number,
  ): Promise<{ readonly kind: 'counted'; readonly count: number; readonly sinceMs: number } | RecoveryRefused>;
  /** Begins one, on record. Begun before under this id, it is left as it is. An endpoint has one at a time. */
  start(
    change: WebhookChange,
    recovery: { readonly webhookRecoveryId: string; readonly sinceMs: number },
  ): Promise<{ readonly kind: 'started'; readonly recovery: WebhookRecoveryRecord } | RecoveryRefused>;
  /** Newest first; `after` is the last id of the page before. Null where there is no such endpoint. */
  list(
    bookId: number,
    webhookEndpointId: string,
    after: string | null,
    limit: number,
  ): Promise<readonly WebhookRecoveryRecord[] | null>;
  one(bookId: number, webhookEndpointId: string, webhookRecoveryId: string): Promise<WebhookRecoveryRecord | null>;
}
