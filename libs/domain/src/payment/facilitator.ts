/** Who carries out a payment: Tollbook with its own gas key, or somebody else over HTTP. */
export const facilitatorKinds = ['built_in', 'remote'] as const;
export type FacilitatorKind = (typeof facilitatorKinds)[number];

/** How we tell a remote facilitator who we are: not at all, or by the tokens of Coinbase's developer platform. */
export const facilitatorAuths = ['none', 'cdp'] as const;
export type FacilitatorAuth = (typeof facilitatorAuths)[number];
