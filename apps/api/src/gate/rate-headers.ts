import {
  type RatePolicy,
  type RateSide,
  type RateVerdict,
  rateLimitHeader,
  rateLimitPolicyHeader,
} from '@tollbook/domain';

const policyHeaders = new WeakMap<RatePolicy, string>();

/** The headers that tell a caller how it stands: names in turn with values, ready for Node. */
export function rateHeaders(side: RateSide, verdict: RateVerdict): readonly string[] {
  const { policy, standing } = verdict;
  let policyHeader = policyHeaders.get(policy);
  if (policyHeader === undefined) {
    policyHeader = rateLimitPolicyHeader(side, policy);
    policyHeaders.set(policy, policyHeader);
  }
  const headers = ['ratelimit-policy', policyHeader, 'ratelimit', rateLimitHeader(side, policy, standing)];
  if (verdict.kind === 'limited') headers.push('retry-after', String(verdict.retryAfterSeconds));
  return headers;
}
