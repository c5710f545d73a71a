import type { DeliveryStatus } from '@tollbook/domain';
import type { AuditContext } from './audit.js';

/** The telling of one event to one endpoint. Times are unix milliseconds. */
export type DeliveryRecord = {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly intentId: string | null;
  readonly webhookEndpointId: string;
  readonly status: DeliveryStatus;
  readonly tries: number;
  readonly lastHttpStatus: number | null;
  readonly nextAttemptAtMs: number | null;
  readonly doneAtMs: number | null;
  readonly createdAtMs: number;
};

type HeaderFields = readonly (readonly [name: string, value: string])[];

export type DeliveryAttemptRecord = {
  readonly startedAtMs: number;
  readonly finishedAtMs: number | null;
  readonly httpStatus: number | null;
  readonly error: string | null;
  readonly timings: { readonly headMs: number | null; readonly totalMs: number } | null;
  readonly requestHeaders: HeaderFields | null;
  readonly responseHeaders: HeaderFields | null;
  readonly responseBody: string | null;
};

export type DeliveryDetail = {
  readonly delivery: DeliveryRecord;
  readonly url: string;
  /** Whether its endpoint is sent anything now. */
  readonly isEndpointEnabled: boolean;
  /** Null once it is no longer kept. */
  readonly body: string | null;
  /** Oldest first. */
  readonly attempts: readonly DeliveryAttemptRecord[];
};

/** Null lets everything pass. */
export type DeliveryFilter = {
  readonly webhookEndpointId: string | null;
  readonly status: DeliveryStatus | null;
  readonly eventId: string | null;
  readonly intentId: string | null;
};

/** An event as it was told; `body` is null once it is no longer kept. */
export type EventRecord = {
  readonly eventId: string;
  /** Its place in the feed; null where it was not read from there. */
  readonly position: number | null;
  readonly type: string;
  readonly sequence: number | null;
  readonly body: string | null;
  readonly createdAtMs: number;
};

export type ResendRefusal = 'unknown' | 'disabled' | 'not_kept';
export type ResendResult =
  | { readonly kind: 'resent'; readonly delivery: DeliveryRecord }
  | { readonly kind: 'refused'; readonly reason: ResendRefusal };

/** What a book's systems were told, and what they answered. */
export interface DeliveryQueries {
  /** Newest first; `after` is the last id of the page before. */
  deliveries(
    bookId: number,
    filter: DeliveryFilter,
    after: string | null,
    limit: number,
  ): Promise<readonly DeliveryRecord[]>;
  delivery(bookId: number, deliveryId: string): Promise<DeliveryDetail | null>;
  /** Begins a new round of tries under the same id, at once, whatever came of the last one. */
  resend(bookId: number, deliveryId: string, by: AuditContext): Promise<ResendResult>;
  /** Events in the order of the feed, after a position. */
  events(bookId: number, afterPosition: number, type: string | null, limit: number): Promise<readonly EventRecord[]>;
  event(bookId: number, eventId: string): Promise<EventRecord | null>;
}
