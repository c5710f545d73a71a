/** A body on its way: pieces in order, then null. Fails when the upstream breaks off. */
export type AnswerStream = {
  readonly next: () => Promise<Uint8Array | null>;
  /** Breaks the connection off; nothing more is read. */
  readonly cancel: () => void;
};

/** What a merchant's upstream answered. */
export type UpstreamAnswer = {
  readonly httpStatus: number;
  /** End-to-end headers in order; hop-by-hop ones and `Set-Cookie` are gone. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** The body, where it is handed on while it arrives; `body` is empty then. */
  readonly stream?: AnswerStream;
};

export type UpstreamOutcome =
  | { readonly kind: 'answered'; readonly answer: UpstreamAnswer }
  | { readonly kind: 'failed'; readonly reason: 'upstream_failed' | 'upstream_timeout' };

/** Whether an answer is read whole, or, where it is sold, handed on while it arrives. */
export type AnswerHandling = 'held' | 'streamed';

/** Calls the merchant's upstream for one attempt; its id is the upstream's idempotency key. Never throws. */
export type CallUpstream = (
  attemptId: string,
  signal: AbortSignal,
  handling: AnswerHandling,
) => Promise<UpstreamOutcome>;
