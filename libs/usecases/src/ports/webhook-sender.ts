/** One delivery as it leaves: where to, what, and the secrets that sign it. */
export type WebhookMessage = {
  readonly url: string;
  /** The same at every try (`evt_…`): receivers know repeats by it. */
  readonly id: string;
  readonly body: string;
  readonly secrets: readonly Uint8Array[];
};

type HeaderFields = readonly (readonly [name: string, value: string])[];

/** What was sent, and what came back. */
export type SentWebhook = {
  readonly requestHeaders: HeaderFields;
  /** Null where no answer began. */
  readonly httpStatus: number | null;
  readonly retryAfterSeconds: number | null;
  /** A stable word for what broke the exchange, if something did; an answer may have begun all the same. */
  readonly error: string | null;
  readonly responseHeaders: HeaderFields | null;
  /** The first 16 kB. */
  readonly responseBody: string | null;
  /** Milliseconds from the beginning: to the head of the answer (null without one), and to the end. */
  readonly timings: { readonly headMs: number | null; readonly totalMs: number };
};

/** Signs and sends. Takes bounded time and memory whatever the receiver does, and follows no redirect. */
export interface WebhookSender {
  send(message: WebhookMessage): Promise<SentWebhook>;
}
