import type { RatePolicy } from './rate-limit.js';

export const rateSubjectKinds = ['payer', 'address'] as const;
export type RateSubjectKind = (typeof rateSubjectKinds)[number];

export const rateActions = ['allow', 'block', 'limit'] as const;
export type RateAction = (typeof rateActions)[number];

/** An exception for one payer or one address, at one endpoint or (null) at all of the book's. */
export type RateOverride = {
  readonly subjectKind: RateSubjectKind;
  /** A payer's address in lower case, or the short hash of a network address. */
  readonly subject: string;
  readonly endpointId: string | null;
  readonly decision:
    | { readonly action: 'allow' }
    | { readonly action: 'block' }
    | { readonly action: 'limit'; readonly policy: RatePolicy };
  /** Null holds until it is taken away. */
  readonly expiresAtMs: number | null;
};

export type EffectiveRate =
  | { readonly kind: 'unlimited' }
  | { readonly kind: 'blocked'; readonly untilMs: number | null }
  | { readonly kind: 'limited'; readonly policy: RatePolicy };

const unlimited: EffectiveRate = { kind: 'unlimited' };

/**
 * What holds for a subject at an endpoint now: its exception there, else its exception everywhere, else the endpoint's
 * own limit. `overrides` are those of this subject alone.
 */
export function effectiveRate(
  own: RatePolicy | null,
  overrides: readonly RateOverride[],
  endpointId: string,
  nowMs: number,
): EffectiveRate {
  if (overrides.length === 0) return own ? { kind: 'limited', policy: own } : unlimited;
  const active = overrides.filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > nowMs);
  const override =
    active.find((each) => each.endpointId === endpointId) ?? active.find((each) => each.endpointId === null);
  if (!override) return own ? { kind: 'limited', policy: own } : unlimited;
  const { decision } = override;
  if (decision.action === 'limit') return { kind: 'limited', policy: decision.policy };
  return decision.action === 'allow' ? unlimited : { kind: 'blocked', untilMs: override.expiresAtMs };
}
