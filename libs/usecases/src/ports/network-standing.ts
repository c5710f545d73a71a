/** Whether payments can be taken on a network now, as far as this process has seen. */
export type NetworkStanding =
  /** A node answered, and chain and tokens are what they should be. */
  | { readonly kind: 'open' }
  /** No node is configured. */
  | { readonly kind: 'not_configured' }
  /** No node has answered yet; it is asked again and again. */
  | { readonly kind: 'away'; readonly reason: string }
  /** What answered is another chain, or has another token: nothing is taken there until that is mended. */
  | { readonly kind: 'refused'; readonly reason: string };

/** By CAIP-2; asks nobody. */
export type StandingOf = (network: string) => NetworkStanding;
