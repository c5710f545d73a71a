import type { DeliveryStatus } from '@tollbook/domain';
import type { SentWebhook } from './webhook-sender.js';

/** A delivery that this process sends now, and nobody else until the lease is over. */
export type LeasedDelivery = {
  readonly bookId: number;
  readonly deliveryId: string;
  /** The row of this try, written with the lease. */
  readonly deliveryAttemptId: string;
  readonly webhookEndpointId: string;
  readonly eventId: string;
  /** Of this round, this one included. */
  readonly tries: number;
  readonly url: string;
  /** Null once it is no longer kept. */
  readonly body: string | null;
  /** Every secret that is not over yet, the current one first. */
  readonly secrets: readonly { readonly webhookSecretId: string; readonly secretSealed: Uint8Array }[];
};

export type LeaseOptions = {
  readonly limit: number;
  /** At once to one endpoint, and to one that has failed since it last took something. */
  readonly perEndpointMax: number;
  readonly perFailingEndpointMax: number;
  /** What this process is sending already. */
  readonly busy: readonly { readonly bookId: number; readonly webhookEndpointId: string; readonly inFlight: number }[];
  readonly leaseMs: number;
};

/** How a try ended, and what becomes of its delivery. */
export type DeliveryResult = Pick<
  LeasedDelivery,
  'bookId' | 'deliveryId' | 'deliveryAttemptId' | 'webhookEndpointId' | 'tries'
> & {
  readonly status: DeliveryStatus;
  /** Until the next try, where there is one. */
  readonly delayMs: number | null;
  /** The receiver said that it is no more: the endpoint is disabled. */
  readonly isGone: boolean;
  readonly sent: SentWebhook | null;
  /** Why nothing was sent, where nothing was. */
  readonly unsentReason: string | null;
};

/** Deliveries that are due, over all books. */
export interface DeliveryStore {
  /** Takes due deliveries of enabled endpoints, oldest first, and writes the row of each try, in one commit. */
  lease(options: LeaseOptions): Promise<readonly LeasedDelivery[]>;
  /**
   * Records how tries ended, in one commit. An endpoint that is gone, or took nothing for too long, is disabled, and that
   * is told by the event that the store was given for it. A delivery that another process has taken over meanwhile is changed by a
   * success alone.
   */
  finish(results: readonly DeliveryResult[]): Promise<void>;
  /** Ends up to `limit` deliveries whose endpoint was removed; resolves to how many. */
  dropRemoved(limit: number): Promise<number>;
  /** Makes up to `limit` deliveries of one running recovery due again; resolves to how many. */
  recover(limit: number): Promise<number>;
}
