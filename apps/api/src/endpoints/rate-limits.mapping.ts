import type { RateLimitInput } from '@tollbook/contract';
import type { JsonValue } from '@tollbook/domain';

/** Limits as an endpoint keeps them: a policy a side, none where there is no limit. */
export function fromApiRateLimit(input: RateLimitInput | undefined): Readonly<Record<string, JsonValue>> {
  if (!input) return {};
  const paid = input.paid ?? perMinute(input.paidPerMinute);
  const unpaid = input.unpaid ?? perMinute(input.unpaidPerMinute);
  return { ...(paid ? { paid } : {}), ...(unpaid ? { unpaid } : {}) };
}

function perMinute(points: number | null | undefined) {
  return points === null || points === undefined ? null : { points, windowSeconds: 60, burst: 0 };
}
