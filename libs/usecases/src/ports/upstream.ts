/** What a merchant's upstream answered, read whole. */
export type UpstreamAnswer = {
  readonly httpStatus: number;
  /** End-to-end headers in order; hop-by-hop ones and `Set-Cookie` are gone. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
};

export type UpstreamOutcome =
  | { readonly kind: 'answered'; readonly answer: UpstreamAnswer }
  | { readonly kind: 'failed'; readonly reason: 'upstream_failed' | 'upstream_timeout' };

/** Calls the merchant's upstream for one attempt; its id is the upstream's idempotency key. Never throws. */
export type CallUpstream = (attemptId: string, signal: AbortSignal) => Promise<UpstreamOutcome>;
