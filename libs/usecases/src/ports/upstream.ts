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
  | {
      readonly kind: 'failed';
      readonly reason: 'upstream_failed' | 'upstream_timeout';
      /** Where the upstream is not to blame: the request's body broke off, or was not what its digest names. */
      readonly requestFault?: RequestFault | undefined;
    };

export type RequestFault = 'broken_off' | 'digest_mismatch';

/**
 * `held`: an answer is read whole as far as it can be held; one that is sold and longer, or that has no end by its
 * nature, comes with what was read so far as the first pieces of its stream. `streamed`: what is sold is handed on while
 * it arrives.
 */
export type AnswerHandling = 'held' | 'streamed';

/** Calls the merchant's upstream for one attempt; its id is the upstream's idempotency key. Never throws. */
export type CallUpstream = (
  attemptId: string,
  signal: AbortSignal,
  handling: AnswerHandling,
) => Promise<UpstreamOutcome>;
