import type { DisabledReason } from '@tollbook/domain';
import type { AuditContext } from './audit.js';
import type { EventDraft } from './records.js';

/** Where a merchant's systems are told. Times are unix milliseconds. */
export type WebhookEndpointRecord = {
  readonly webhookEndpointId: string;
  readonly url: string;
  /** `*`, or event types. */
  readonly events: readonly string[];
  readonly isEnabled: boolean;
  /** Why we disabled it; null where a person did, or nobody. */
  readonly disabledReason: DisabledReason | null;
  readonly failingSinceMs: number | null;
  /** Counted up to a thousand. */
  readonly pendingDeliveries: number;
  /** Until when a secret before the current one still signs. */
  readonly oldSecretUntilMs: number | null;
  readonly createdAtMs: number;
};

/** A signing secret, sealed under `webhookSecretAad` of its id. */
export type WebhookSecretDraft = { readonly webhookSecretId: string; readonly secretSealed: Uint8Array };

export type WebhookEndpointChanges = {
  readonly url?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly isEnabled?: boolean | undefined;
};

/** Names an endpoint, and says who changes it and why. */
export type WebhookChange = {
  readonly bookId: number;
  readonly webhookEndpointId: string;
  readonly reason: string;
  readonly by: AuditContext;
};

/** Webhook endpoints of a book. Every change stands in the audit log; null where there is no such endpoint. */
export interface WebhookStore {
  /** Newest first; `after` is the last id of the page before. */
  endpoints(bookId: number, after: string | null, limit: number): Promise<readonly WebhookEndpointRecord[]>;
  endpoint(bookId: number, webhookEndpointId: string): Promise<WebhookEndpointRecord | null>;
  /** Added before under this id, it keeps what it is and gets the new secret alone. */
  add(
    change: WebhookChange,
    endpoint: { readonly url: string; readonly events: readonly string[]; readonly secret: WebhookSecretDraft },
  ): Promise<WebhookEndpointRecord>;
  /** Enabling it again forgets why it was disabled; what waited meanwhile is sent then. */
  change(change: WebhookChange, changes: WebhookEndpointChanges): Promise<WebhookEndpointRecord | null>;
  /** Nothing is sent to it any more; its deliveries stay on record. */
  remove(change: WebhookChange): Promise<WebhookEndpointRecord | null>;
  /** Signs with this secret from now on; those before sign beside it until the overlap is over. */
  rotate(
    change: WebhookChange,
    secret: WebhookSecretDraft,
    overlapSeconds: number,
  ): Promise<WebhookEndpointRecord | null>;
  /** Tells one endpoint, and nobody else, an event; `disabled` where nothing would be sent. */
  addTest(
    webhookEndpointId: string,
    event: EventDraft,
  ): Promise<
    { readonly kind: 'added'; readonly deliveryId: string } | { readonly kind: 'refused'; readonly reason: TestRefusal }
  >;
  /** Secrets that sign now what is sent to URLs with this ending. */
  secretsOf(bookId: number, urlEnding: string): Promise<readonly WebhookSecretDraft[]>;
}

export type TestRefusal = 'unknown' | 'disabled';
